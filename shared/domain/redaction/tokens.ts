import { changes, entropy, isClassName, looksSecret } from './harmless.ts';
import { MASK } from './mask.ts';

/** Where a token may begin: at no other word, but also after an escaped line break, a colour or a percent code. */
const EDGE = String.raw`(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[\dA-F]{2})|(?<=\[[\d;]{1,12}m))`;

/** Beginnings that no word has, by issuer, with what follows them. */
const SURE = [
  'gh[pousr]_\\w{10,}|github_pat_\\w{10,}', // GitHub
  'gl(?:pat|ptt|dt|rt|rtr|cbt|ft|soat|imt|agent|oas|ffct)-[\\w.-]{10,}|GR1348941[\\w-]{10,}', // GitLab
  'xox[a-z](?:\\.xox[a-z])?-[\\w-]{6,}|xapp-[\\w-]{6,}|xwfp-[\\w-]{6,}', // Slack
  '[rs]k_(?:live|test|prod)_\\w{6,}|whsec_[\\w+/=]{16,}', // Stripe
  'npm_[A-Za-z\\d]{36}|pypi-AgE[\\w-]{16,}|rubygems_[\\da-f]{32,}|dckr_[po]at_[\\w-]{16,}', // registries
  'AIza[\\w-]{30,}|ya29\\.[\\w.-]{16,}|GOCSPX-[\\w-]{16,}|1//0[\\w-]{20,}', // Google
  'SG\\.[\\w-]{10,}\\.[\\w-]{10,}|SK[\\da-fA-F]{32}(?![A-Za-z\\d])|key-[\\da-f]{32}|[\\da-f]{32}-us\\d{1,2}(?!\\w)', // mail
  'shp(?:at|ss|ca|pa)_[\\da-fA-F]{32}|sq0(?:atp|csp)-[\\w-]{20,}', // shops
  'hv[sbr]\\.[\\w-]{16,}|do[por]_v1_[\\da-f]{32,}|dapi[\\da-f]{32}|glsa_[\\w=]{20,}|ATATT3x\\w[\\w=-]{10,}', // platforms
  'secret_[A-Za-z\\d]{43}|AGE-SECRET-KEY-1[A-Z\\d]{40,}|(?:bot)?\\d{8,10}:AA[\\w-]{30,40}(?![\\w-])|bot\\d{5,12}(?::|%3[Aa])[\\w-]{30,64}(?![\\w-])|[A-Za-z\\d]{14}\\.atlasv1\\.[\\w=-]{40,}',
  'ATBB[\\w=]{24,}|CCIPAT_\\w{20,}|AKCp[\\w-]{40,}|CLOJARS_[\\da-z]{40,}|fm[12][ar]?_[\\w+/=]{40,}|v1\\.0-[\\da-f]{24}-[\\da-f]{100,}', // build and edge
  'pat[A-Za-z\\d]{14}\\.[\\da-f]{64}|figd_[\\w-]{30,}|sb_secret_[\\w-]{20,}|access_token\\$(?:production|sandbox)\\$\\w{10,}\\$[\\da-f]{32}', // products
  '[\\w-]{4,12}:APA91b[\\w-]{60,}|EAA[A-Za-z]{1,4}[A-Za-z\\d]{60,}|[MNO][\\w-]{22,27}\\.[\\w-]{6}\\.[\\w-]{27,40}(?![\\w-])', // messengers
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z\\d]{16}(?![A-Za-z\\d])|(?:FwoG|FQoG|IQoJ)[\\w+/=]{50,}|ABSK[\\w+/=]{50,}', // AWS
  'eyJ[\\w-]{8,}\\.(?:[\\w-]{8,}|\\.)(?:\\.?[\\w-]+)*|eyJ[\\w+/-]{60,}={0,2}', // JWTs, encrypted ones too, and JSON in Base64
  'v[1-4]\\.(?:local|public)\\.[\\w-]{40,}', // PASETO
  '(?:LS0tLS1CRUdJTi|b3BlbnNzaC1rZXktdjE)[\\w+/]{16,}={0,2}', // "-----BEGIN " and "openssh-key-v1" in Base64
  '\\$(?:apr1|1|5|6|2[abxy]|y|argon2(?:id|i|d))\\$[\\w./$=,+-]{20,}|pbkdf2_sha\\d+\\$\\d+\\$[\\w./$=+-]{20,}', // hashes of passwords
  'A3-[A-Z\\d]{6}-(?:[A-Z\\d]{11}|[A-Z\\d]{6}-[A-Z\\d]{5})(?:-[A-Z\\d]{5}){3}|ops_eyJ[\\w+/]{40,}={0,3}', // 1Password
  'dt0[a-z]\\d\\d\\.[A-Za-z\\d]{24}\\.[A-Za-z\\d]{64}|glc_[\\w+/]{32,}={0,3}|sntrys_[\\w+/=-]{60,}|sha256~[\\w-]{43}', // monitoring, OpenShift
  'pscale_(?:tkn|pw|oauth)_[\\w=.-]{20,}|(?:hf|api_org)_[A-Za-z]{34}(?!\\w)|(?:pat|sat)\\.[\\w-]{22}\\.[\\da-zA-Z]{24}\\.\\w{20}', // data, models, builds
  'rzp_(?:live|test)_[A-Za-z\\d]{14}|EZ[AT]K[A-Za-z\\d]{54}|FLWSECK(?:_TEST)?-\\w{12,}(?:-X)?|shippo_(?:live|test)_[\\da-fA-F]{40}', // payments, parcels
  'EAAA[\\w-]{22,}|sk_[\\da-f]{48}(?!\\w)|(?:live|test)_[\\da-f]{35}(?!\\w)|(?:duffel_(?:live|test)|fio-u)[_-][\\w=-]{40,}', // shops, voices, post
  'sl\\.(?:u\\.)?[\\w-]{60,}|dG9rO[\\w+/]{30,}={0,2}|[12]/\\d{10,20}(?:/\\d{10,20})?:[\\da-f]{32}(?!\\w)|\\w{6}_\\w{29}_mmk', // files, chats, tasks, maps
  'VF\\.(?:(?:DM|WS)\\.)?[\\da-fA-F]{24}\\.[A-Za-z\\d]{16}|3MVG9[\\w.+/=]{70,}|00[A-Za-z\\d]{13}![\\w.]{80,}|1000\\.[\\da-f]{32}\\.[\\da-f]{32}|sq0i[a-z]{2}-[\\w-]{22,}', // sales, voices
  '(?:[\\da-fA-F]{32,36}|[a-z]{2}\\d\\dxx[\\da-fA-F]{22,34})(?:FFFF)?NRAL|(?:AA[\\da-f]{40}|eu01xx[\\da-f]{36})-NRMA|[01]\\.A[\\w-]{50,}\\.[\\w.-]{40,}', // monitoring, Entra ID
  's-s4t2(?:ud|af)-[\\da-f]{64}|A{20,}[\\w+/%]{40,}={0,2}|\\d{13,17}\\|[\\w-]{27}(?![\\w-])|oauth:[a-z\\d]{30}(?!\\w)', // networks
  '(?:Mgo\\+DSMBa|Ngo9BigBO|ORg4AjUWI)[\\w+/=@]{16,}|LIC(?:ENSE)?-(?=[\\w-]{0,40}\\d)[A-Z\\d]{4,8}(?:-[A-Z\\d]{4,8}){2,8}(?![\\w-])', // licenses
  'bedrock-api-key-[\\w+/]{16,}={0,2}|authress_\\w{4,}\\.\\w{4,}\\.acc[\\w.-]{20,}|s(?:c|cauth)_[\\w-]{3,}\\.\\w{3,}\\.acc[_-][\\w.-]{20,}', // models, sign-in
].join('|');

/** Beginnings that words may have, too: what follows must look drawn by lot. */
const LIKELY =
  '(?:sk-|gsk_|xai-|pplx-|r8_|hf_|glc_|sntry[su]_|NRAK-|PMAK-|lin_api_|ntn_|pul-|tskey-|sbp_|pscale_[a-z]{2,5}_|dp\\.[a-z]{2,5}(?:\\.[\\w-]{1,32})?\\.|HRKU-|vc[apkri]_|cio|oy2|lsv2_|xkeysib-|xsmtpsib-|NRII-|NRAA-|NRJS-|NRRA-|NRSP-|NRIQ-|ATCTT3|bk[a-z]{2}_|sq[apu]_|nf[bcopu]_|rnd_|CFPAT-|pat-(?:na|eu)\\d-|pcsk_|pnu_|rdme_|sgp_|tr_(?:dev|prod|stg)_|re_|vercel_blob_rw_|hc[abimx]{1,2}k_|tfp_|fw_|cflt|LTAI|AKID|AQVN|API-|ico-|p8e-|sm_[aps]at_|tk-us-|access-(?:sandbox|development|production)-|sdk-|s\\.|aio_|apify_api_|BBDC-|bb_(?:pr|ma)_|endr\\+|flb_(?:live|test)_|shltm_|NRBR-|NF-|ak_(?:live|test)_|rootly_|slk_|thog-(?:key|secret)-|BBFF-|rubygems_|pi_\\w{24}_secret_)[\\w-]{16,}';

const SURE_ONES = new RegExp(`${EDGE}(?:${SURE})`, 'g');
const LIKELY_ONES = new RegExp(EDGE + LIKELY, 'g');

/** Without a beginning: client secrets of Entra ID, keys of storage accounts, and what Twilio takes after an account. */
const SHAPES: readonly RegExp[] = [
  /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g,
  /(?<![A-Za-z\d+/]|sha512-)[A-Za-z\d+/]{86}==/g,
  /(?<=(?<![A-Za-z\d])AC[\da-f]{32}[:\s]{1,3})[\da-f]{32}(?![\da-f])/g,
];

/** `Bearer …` and `Basic …`, wherever they stand. */
const BEARER = /(\bbearer(?:\s|%20|\+){1,4})([\w.~+/=-]{8,})/gi;
const BASIC = /(\bbasic(?:\s|%20|\+){1,4})([A-Za-z\d+/]{8,}={0,2})(?![\w+/=-])/gi;

/** Letters of both cases and digits, so many that it is no name and none of the ids that services give. */
const MIXED =
  /(?<![A-Za-z\d+/=])(?:[A-Za-z\d]{32,}(?![A-Za-z\d+/])|(?<![\w-])(?!sha\d)[\w-]{64,}(?![\w+/-]))/g;
/** Checksums, public keys and ids of requests have an alphabet as large. */
const KNOWN =
  /(?:sha\d{1,3}[-:="]{1,2}|h1:|(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp\d{3}) |(?:id-2|cf-id|request[ -]?id|trace[ -]?id|nonce|etag)\W{1,4})[\w+/=-]{0,90}$/i;

/** A secret access key has 40 characters of Base64, a line of a private key 64, 70 or 76. */
const RUN =
  /(?:(?<![\w+/.-])|(?<=\\[nrt]))(?:[A-Za-z\d+/]{40}|[A-Za-z\d+/]{43}(?==)|[\w-]{43}(?==(?![\w=]))|[A-Za-z\d+/]{64}|[A-Za-z\d+/]{70}|[A-Za-z\d+/]{76})(?![\w+/-])/g;
/** Lines of a key that were joined. `sha512-…` is a checksum. */
const LONG_RUN = /(?:(?<![\w+/.:,-])|(?<=(?<!\.)\.{3})|(?<=\\[nrt]))[A-Za-z\d+/]{160,}={0,2}(?![\w+/-])/g;
const AFTER_KEY_ID = new RegExp(`(${escaped(MASK)}[\\s"',;:|/\\\\]{1,8})([A-Za-z\\d+/]{40})(?![\\w+/])`, 'g');

/** Masks what is a secret by its shape. */
export function maskTokens(text: string): string {
  if (text.length < 12) return text;
  let masked = text.replace(SURE_ONES, MASK).replace(LIKELY_ONES, (found) => (isDrawn(found) ? MASK : found));
  for (const pattern of SHAPES) masked = masked.replace(pattern, MASK);
  masked = masked
    .replace(BEARER, (whole, scheme: string, token: string) => (looksSecret(token) ? scheme + MASK : whole))
    .replace(BASIC, (whole, scheme: string, token: string) => (isUserPassword(token) ? scheme + MASK : whole))
    .replace(RUN, (found, at: number, all: string) =>
      isKeyMaterial(found) && !KNOWN.test(all.slice(Math.max(0, at - 24), at)) ? MASK : found,
    )
    .replace(MIXED, (found, at: number, all: string) =>
      isMixed(found) && !isClassName(found) && !KNOWN.test(all.slice(Math.max(0, at - 90), at))
        ? MASK
        : found,
    )
    .replace(LONG_RUN, (found) => (isKeyMaterial(found.slice(0, 160)) ? MASK : found));
  return masked.replace(AFTER_KEY_ID, (whole, before: string, key: string) =>
    /^[\da-f]+$/.test(key) ? whole : before + MASK,
  );
}

function isDrawn(token: string): boolean {
  const isBoth = /[A-Za-z]/.test(token.slice(6)) && /\d/.test(token.slice(4));
  return isBoth && entropy(token) > 3.3 && changes(token.slice(4)) > 0.2;
}

/** Names have both cases and digits as well, but in words; what CloudFormation and CDK put after those is eight of hex. */
function isMixed(run: string): boolean {
  const rest = run.slice(0, 256).replace(/[A-F\d]{8}(?![a-z\d])/g, '');
  return (
    /(?:\d\D*){3}/.test(rest) &&
    /[a-z]/.test(rest) &&
    /[A-Z]/.test(rest) &&
    changes(rest) > (/[_-]/.test(run) ? 0.5 : 0.4)
  );
}

/** Base64 of `user:password`. */
function isUserPassword(text: string): boolean {
  if (text.length % 4 === 1) return false;
  try {
    return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(atob(text));
  } catch {
    return false;
  }
}

function isKeyMaterial(text: string): boolean {
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text) || (text.match(/\d/g)?.length ?? 0) < 2) return false;
  if (isClassName(text)) return false;
  return (
    entropy(text) > (text.length > 40 ? 4.6 : 4.2) && (text.match(/\//g)?.length ?? 0) <= 3 + text.length / 40
  );
}

function escaped(text: string): string {
  return text.replace(/[[\]]/g, '\\$&');
}
