/** What `serverless package` writes to `.fairway/configuration.json`: bundled into every function. */
declare module '#configuration' {
  const configuration: import('./domain/app.ts').Configuration;
  export default configuration;
}
