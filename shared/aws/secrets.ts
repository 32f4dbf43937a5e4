import type { SecretReference } from '../domain/app.ts';

/**
 * Reads a secret from SSM Parameter Store or Secrets Manager. The value is never logged. The client is loaded on first
 * use, through a module of ours: a bundler keeps the whole of a package that is imported dynamically itself.
 */
export async function readSecret(reference: SecretReference): Promise<string> {
  const value = await read(reference);
  if (value) return value;
  const name = 'ssm' in reference ? reference.ssm : reference.secretsManager;
  throw new Error(`failed to read the secret ${name}: it is empty, store the token in it`);
}

async function read(reference: SecretReference): Promise<string | undefined> {
  if ('ssm' in reference) return (await import('./parameterStore.ts')).fromParameterStore(reference.ssm);
  return (await import('./secretsManager.ts')).fromSecretsManager(reference.secretsManager);
}
