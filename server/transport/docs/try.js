/* Swagger UI over /openapi.json: heavy, so a page of its own that is loaded by who wants to call something. */

globalThis.SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#swagger',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
})
