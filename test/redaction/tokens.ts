/** Synthetic tokens, assembled from parts so that secret scanners find none in the repository. */

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALPHABET = `${UPPER}${UPPER.toLowerCase()}0123456789`;

/** Letters and digits as if drawn by lot, the same for the same seed. */
export function drawn(length: number, seed: number, alphabet = ALPHABET): string {
  let state = (seed * 2_654_435_761 + 12_345) % 4_294_967_296;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet.charAt((state >>> 8) % alphabet.length);
  }
  return text;
}

export const hex = (length: number, seed: number) => drawn(length, seed, '0123456789abcdef');
export const base64 = (length: number, seed: number) => drawn(length, seed, `${ALPHABET}+/`);
const url = (text: string) => Buffer.from(text).toString('base64url');

/** Tokens by issuer, each right in shape. */
export const TOKENS: Readonly<Record<string, string>> = {
  'AWS access key id': `AKIA${drawn(16, 1, `${UPPER}234567`)}`,
  'AWS temporary access key id': `ASIA${drawn(16, 2, `${UPPER}234567`)}`,
  'AWS session token': `${'IQoJ'}b3JpZ2lu${base64(300, 3)}==`,
  'GitHub personal token': `${'gh'}p_${drawn(36, 4)}`,
  'GitHub OAuth token': `${'gh'}o_${drawn(36, 5)}`,
  'GitHub installation token': `${'gh'}s_${drawn(36, 6)}`,
  'GitHub fine-grained token': `${'github'}_pat_${drawn(22, 7)}_${drawn(59, 8)}`,
  'GitLab personal token': `${'gl'}pat-${drawn(20, 9)}`,
  'GitLab deploy token': `${'gl'}dt-${drawn(20, 10)}`,
  'GitLab runner token': `${'gl'}rt-${drawn(20, 11)}`,
  'Slack bot token': `${'xox'}b-123456789012-123456789013-${drawn(24, 12)}`,
  'Slack user token': `${'xox'}p-123456789012-123456789013-123456789014-${hex(32, 13)}`,
  'Slack app token': `${'xa'}pp-1-A0123456789-1234567890123-${hex(64, 14)}`,
  'Stripe live key': `${'sk'}_live_${drawn(24, 15)}`,
  'Stripe restricted key': `${'rk'}_live_${drawn(99, 16)}`,
  'Stripe webhook secret': `${'wh'}sec_${drawn(32, 17)}`,
  'npm token': `${'np'}m_${drawn(36, 18)}`,
  'PyPI token': `${'py'}pi-AgEIcHlwaS5vcmc${drawn(120, 19)}`,
  'Google API key': `${'AI'}za${drawn(35, 20)}`,
  'Google access token': `${'ya'}29.a0${drawn(80, 21)}`,
  'Google client secret': `${'GOC'}SPX-${drawn(28, 22)}`,
  'Entra ID client secret': `${drawn(3, 23)}8Q~${drawn(34, 24)}`,
  'Twilio API key': `${'S'}K${hex(32, 25)}`,
  'SendGrid key': `${'S'}G.${drawn(22, 26)}.${drawn(43, 27)}`,
  'OpenAI key': `${'s'}k-${drawn(20, 28)}T3BlbkFJ${drawn(20, 29)}`,
  'OpenAI project key': `${'s'}k-proj-${drawn(74, 30)}T3BlbkFJ${drawn(74, 31)}`,
  'Anthropic key': `${'s'}k-ant-api03-${drawn(93, 32)}AA`,
  'Hugging Face token': `${'h'}f_${drawn(34, 33)}`,
  'DigitalOcean token': `${'do'}p_v1_${hex(64, 34)}`,
  'Vault token': `${'hv'}s.${drawn(24, 35)}`,
  'Databricks token': `${'da'}pi${hex(32, 36)}`,
  'Docker Hub token': `${'dck'}r_pat_${drawn(27, 37)}`,
  'Mailgun key': `${'ke'}y-${hex(32, 38)}`,
  'Telegram bot token': `123456789:${'A'}A${drawn(33, 39)}`,
  'Grafana token': `${'gl'}sa_${drawn(32, 40)}_${hex(8, 41)}`,
  'Shopify token': `${'sh'}pat_${hex(32, 42)}`,
  'Linear key': `${'lin'}_api_${drawn(40, 43)}`,
  'Bitbucket password': `${'AT'}BB${drawn(28, 100)}`,
  'CircleCI token': `${'CCI'}PAT_${drawn(22, 101)}_${hex(40, 102)}`,
  'Artifactory key': `${'AK'}Cp${drawn(69, 103)}`,
  'Fly token': `${'fm'}2_${base64(100, 104)}`,
  'Cloudflare origin key': `${'v1'}.0-${hex(24, 105)}-${hex(146, 106)}`,
  'Airtable token': `${'pa'}t${drawn(14, 107)}.${hex(64, 108)}`,
  'Figma token': `${'fi'}gd_${drawn(40, 109)}`,
  'Supabase key': `${'sb'}_secret_${drawn(31, 110)}`,
  'Braintree token': `${'access'}_token$production$${drawn(16, 111, '0123456789abcdefghij')}$${hex(32, 112)}`,
  'Firebase server key': `${'AA'}AA${drawn(7, 113)}:${'APA'}91b${drawn(134, 114)}`,
  'Facebook token': `${'EA'}AC${drawn(120, 115)}`,
  'Discord bot token': `${'M'}${drawn(25, 116)}.${drawn(6, 117)}.${drawn(38, 118)}`,
  'Vercel token': `${'vc'}p_${drawn(56, 119)}`,
  'crates.io token': `${'ci'}o${drawn(32, 120)}`,
  'Clojars token': `${'CLO'}JARS_${hex(60, 121)}`,
  'encrypted JSON web token': `${url('{"alg":"dir","enc":"A128GCM"}')}..${drawn(16, 122)}.${drawn(50, 123)}.${drawn(22, 124)}`,
  PASETO: `${'v4'}.local.${drawn(80, 125)}`,
  'JSON web token': `${url('{"alg":"HS256","typ":"JWT"}')}.${url('{"sub":"1234","name":"web"}')}.${drawn(43, 44)}`,
};
