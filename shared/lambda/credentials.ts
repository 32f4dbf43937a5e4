/**
 * Takes the place of the SDK's whole chain of credential providers in the functions' bundles: Lambda passes a role's
 * credentials in the environment. Source: Lambda developer guide, "Defined runtime environment variables".
 */
export function defaultProvider(): () => Promise<Credentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    const { AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (!accessKeyId || !secretAccessKey)
      throw new Error('failed to find credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
