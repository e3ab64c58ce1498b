/** Advice at the end of the error for a file id in a translated request. */
export const FILE_ID_ADVICE =
  '/v1/responses accepts file ids for models that OCI serves there itself: xai.*, openai.* and ' +
  'google.*, not meta.* and cohere.*'
