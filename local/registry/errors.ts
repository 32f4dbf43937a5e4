import { memberOf } from '../../shared/domain/member.ts';
import { AwsError } from '../contract.ts';
import type { HttpResponse } from '../front/http.ts';

/** Codes of the OCI Distribution Specification 1.1, "Error Codes", with the statuses that go with them. */
const STATUS = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  RANGE_INVALID: 416,
  TAG_INVALID: 400,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
} as const;

type RegistryErrorCode = keyof typeof STATUS;

/** An error as a registry answers it. */
export class RegistryError extends Error {
  constructor(
    readonly code: RegistryErrorCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** The codes that ECR's registry end gives to the exceptions of its API. */
const OF_ECR: Readonly<Record<string, RegistryErrorCode>> = {
  RepositoryNotFoundException: 'NAME_UNKNOWN',
  ImageTagAlreadyExistsException: 'TAG_INVALID',
  ImageDigestDoesNotMatchException: 'DIGEST_INVALID',
  ReferencedImagesNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  InvalidParameterException: 'MANIFEST_INVALID',
};

/** Errors that are neither a registry's nor ECR's are thrown on. */
export function answerError(error: unknown): HttpResponse {
  const code =
    error instanceof RegistryError
      ? error.code
      : error instanceof AwsError
        ? memberOf(OF_ECR, error.code)
        : undefined;
  if (code === undefined || !(error instanceof Error)) throw error;
  const headers = error instanceof RegistryError ? error.headers : {};
  return {
    status: STATUS[code],
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ errors: [{ code, message: error.message }] }),
  };
}
