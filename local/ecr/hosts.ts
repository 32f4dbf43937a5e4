/** A private registry of ECR. */
export interface PrivateRegistry {
  readonly account: string;
  readonly region: string;
}

/** Usual, FIPS and dual-stack hosts, in every partition. Source: Amazon ECR User Guide, "Private registries". */
const HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Several hosts name one registry: only account and region tell registries apart. */
export function privateRegistry(host: string): PrivateRegistry | undefined {
  const [, account, region] = HOST.exec(host) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}
