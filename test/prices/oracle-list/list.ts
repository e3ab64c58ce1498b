/**
 * A list in the shape of Oracle's price list. The names, part numbers, metrics and prices of the rows
 * with `B` numbers are Oracle's; the rest of the shape, and the rows with `X` numbers, are invented,
 * so that every trap occurs.
 */
export const TRAPS = {
  items: [
    // Two prefixes, and a double space in one row of a product.
    row('B112080', 'OCI Generative AI - xAI - Grok 4.3 - Input Tokens less than 200K Tokens', 1.25),
    row(
      'B112081',
      'OCI Generative AI - xAI - Grok 4.3 - Cached Input Tokens less than 200K Tokens',
      0.2,
    ),
    row('B112082', 'OCI Generative AI - xAI - Grok 4.3 - Output Tokens less than 200K Tokens', 2.5),
    row(
      'B112083',
      'OCI  Generative AI - xAI - Grok 4.3 - Input Tokens greater than 200K Tokens',
      2.5,
    ),
    row(
      'B112084',
      'OCI Generative AI - xAI - Grok 4.3 - Cached Input Tokens greater than 200K Tokens',
      0.4,
    ),
    row(
      'B112085',
      'OCI Generative AI - xAI - Grok 4.3 - Output Tokens greater than 200K Tokens',
      5,
    ),
    row('B111910', `${prefix()} - xAI - Grok 4.2 - Input Tokens less than 200K Tokens`, 1.25),
    row('B111911', `${prefix()} - xAI - Grok 4.2 - Cached Input Tokens less than 200K Tokens`, 0.2),
    row('B112076', `${prefix()} - xAI - Grok 4.2 - Output Tokens less than 200K Tokens`, 2.5),
    row('B112077', `${prefix()} - xAI - Grok 4.2 - Input Tokens greater than 200K Tokens`, 2.5),
    row(
      'B112078',
      `${prefix()} - xAI - Grok 4.2 - Cached Input Tokens greater than 200K Tokens`,
      0.4,
    ),
    row('B112079', `${prefix()} - xAI - Grok 4.2 - Output Tokens greater than 200K Tokens`, 5),
    // A no-break space and an en dash.
    row('B111438', `${prefix()} - xAI - Grok 3 or\u00a0Grok 4 - Input Tokens`, 5),
    row('B111439', `${prefix()} - xAI \u2013 Grok 3 or\u00a0Grok 4 - Output Tokens`, 25),
    row(
      'B111804',
      'OCI\u00a0Generative AI - xAI - Grok 4\u00a0Code Grok-Code-Fast-1- Cached Input Tokens',
      0.25,
    ),
    // A missing space, a kind of tokens that is audio only, and an output by the prompt's length.
    row(
      'B111847',
      'OCI Generative AI - Google - Gemini 2.5 Pro - Input Tokens - Text, Image, Audio, and Video less than 200K input tokens',
      1.25,
    ),
    row(
      'B111848',
      'OCI Generative AI - Google -Gemini 2.5 Pro - Input Tokens - Text, Image, Audio, and Video greater than 200K input tokens',
      2.5,
    ),
    row(
      'B111849',
      'OCI Generative AI - Google - Gemini 2.5 Pro - Output Tokens - Text Output less than 200K input tokens',
      10,
    ),
    row(
      'B111850',
      'OCI Generative AI - Google - Gemini 2.5 Pro - Output Tokens - Text Output greater than 200K input tokens',
      15,
    ),
    row(
      'B111851',
      'OCI Generative AI - Google - Gemini 2.5 Flash GA - Input Tokens - Text, Image, and Video',
      0.3,
    ),
    row('B111852', 'OCI Generative AI - Google - Gemini 2.5 Flash GA - Input Tokens - Audio', 1),
    row('B111853', 'OCI Generative AI - Google - Gemini 2.5 Flash GA - Output Tokens - Text', 2.5),
    row(
      'B111854',
      'OCI Generative AI - Google - Gemini 2.5 Flash Lite - Input Tokens - Text, Image, and Video',
      0.1,
    ),
    row(
      'B111855',
      'OCI Generative AI - Google - Gemini 2.5 Flash Lite - Input Tokens - Audio',
      0.3,
    ),
    row(
      'B111856',
      'OCI Generative AI - Google - Gemini 2.5 Flash Lite - Output Tokens - Text',
      0.4,
    ),
    // Dashes that belong to a word.
    row('B112004', 'OCI Generative AI - OpenAI - gpt-oss-120b - Input Tokens', 0.15),
    row('B112005', 'OCI Generative AI - OpenAI - gpt-oss-120b - Output Tokens', 0.6),
    row('B112006', 'OCI Generative AI - OpenAI - gpt-oss-20b - Input Tokens', 0.07),
    row('B112007', 'OCI Generative AI - OpenAI - gpt-oss-20b - Output Tokens', 0.3),
    // Other metrics: transactions are characters, with and without a comma in the number.
    row('B108077', 'OCI Generative AI - Large Cohere', 0.0156, '10,000 Transactions'),
    row('B108079', 'OCI Generative AI - Embed Cohere', 0.001, '10,000 Transactions'),
    row('B108080', 'OCI Generative AI - Large Meta', 0.0018, '10,000 Transactions'),
    row('B111035', 'OCI Generative AI - Meta Llama 4 Scout', 0.0018, '10,000 Transactions'),
    row('B111036', 'OCI Generative AI - Meta Llama 4 Maverick', 0.0018, '10,000 Transactions'),
    row('B112423', 'OCI Generative AI - Rerank 4 Pro', 2.5, '1000 Search Units'),
    row('B112424', 'OCI Generative AI - Rerank 4 Fast', 2, '1000 Search Units'),
    // Rows that are no model's price on demand.
    row('B108082', 'OCI Generative AI - Large Cohere - Dedicated', 24, 'AI Unit Per Hour'),
    row('B112517', 'OCI Generative AI - xAI - Grok Imagine Image', 0.02, 'Image'),
    row('B111973', 'OCI Generative AI - Web Search', 10, '1000 Requests'),
    row(
      'B112414',
      'OCI Generative AI\u00a0- File Search Storage',
      0.0042,
      'Gigabyte Storage Per Hour',
    ),
    row('B110463', 'OCI Generative AI Agents - Data Ingestion', 0.0003, '10,000 Transactions'),
    row('B91628', 'Object Storage - Storage', 0.0255, 'Gigabyte Storage Capacity Per Month'),
    // A version that the built-in table lacks, with a rate of another service tier.
    row('X000001', 'OCI Generative AI - xAI - Grok 9.1 - Input Tokens', 3),
    row('X000002', 'OCI Generative AI - xAI - Grok 9.1 - Output Tokens', 15),
    row('X000003', 'OCI Generative AI - xAI - Grok 9.1 - Input Tokens - Priority', 6),
    // Incomplete: a product without a row for its output.
    row('X000004', 'OCI Generative AI - xAI - Grok 9.2 - Input Tokens', 3),
    // Other currencies, other price models, ranges of which the first is free, values as text.
    {
      ...row('X000005', 'OCI Generative AI - xAI - Grok 9.3 - Input Tokens', 0),
      currencyCodeLocalizations: [
        { currencyCode: 'BRL', prices: [{ model: 'PAY_AS_YOU_GO', value: 99 }] },
        {
          currencyCode: 'USD',
          prices: [
            { model: 'MONTHLY_COMMIT', value: 1 },
            { model: 'PAY_AS_YOU_GO', rangeMin: 0, rangeMax: 5, value: 0 },
            { model: 'PAY_AS_YOU_GO', rangeMin: 5, value: '0.0000125' },
          ],
        },
      ],
    },
    row('X000006', 'OCI Generative AI - xAI - Grok 9.3 - Output Tokens', 7),
    {
      ...row('X000007', 'OCI Generative AI - xAI - Grok 9.4 - Input Tokens', 0),
      currencyCodeLocalizations: [{
        currencyCode: 'EUR',
        prices: [{ model: 'PAY_AS_YOU_GO', value: 2 }],
      }],
    },
    // Rows that are not of the expected shape.
    null,
    'text',
    { partNumber: 'X000008' },
    { partNumber: 'X000009', displayName: null, metricName: 5, currencyCodeLocalizations: {} },
  ],
  lastUpdated: '2026-11-27T13:15:14.854Z',
}

function prefix(): string {
  return 'Oracle Cloud Infrastructure Generative AI'
}

function row(
  partNumber: string,
  displayName: string,
  value: number,
  metricName = '1,000,000 Tokens',
) {
  return {
    ...{ partNumber, displayName, metricName, serviceCategory: 'OCI Generative AI - Models' },
    currencyCodeLocalizations: [
      { currencyCode: 'USD', prices: [{ model: 'PAY_AS_YOU_GO', value }] },
    ],
  }
}
