/** Which requests may have file ids. Ends the error of a translated request with one. */
export const FILE_ID_MODELS =
  '/v1/responses accepts file ids for models that OCI serves there itself: xai.*, openai.* and ' +
  'google.*, not meta.* and cohere.*'
