import { type KeyKind, kindOfKey } from './keys.ts';

/** What only looks like a key with its value: names, ports, lines of files, words of programs. */

export interface Key {
  readonly name: string;
  readonly kind: KeyKind;
  readonly start: number;
  /** Where the value begins. */
  readonly end: number;
  readonly between: string;
  /** It may as well be one name in a list of names: the value has to look like a secret. */
  readonly listed: boolean;
}

/** What an address is asked with, and the keys of PagerDuty; others route by names. */
export function isAsked(text: string, name: string, start: number): boolean {
  return /^(?:key|code|auth)$/i.test(name)
    ? /[?&]/.test(text.charAt(start - 1))
    : /^routing[_-]?key$/i.test(name);
}

/** `unexpected token: 'else'`: what a parser says. */
export function isWordOfSyntax(text: string, name: string, start: number): boolean {
  return /^token$/i.test(name) && /unexpected $/i.test(text.slice(Math.max(0, start - 11), start));
}

/** What tools that take `group:verb` do with secrets, and what OpenSSL says of a pair: `…_private_key:key values mismatch`. */
const VERB =
  /(?:add|check|clear|create|delete|edit|generate|get|install|list|manage|purge|read|refresh|remove|revoke|rotate|set|show|use|view|write|key(?= values))(?![\w-])/y;
/** A port, or a line of a file. */
const NUMBER = /\d{1,5}(?![\w-])/y;

/**
 * `repository/auth-token:12` names an image or a revision, `token-service.internal:443` a port, `credentials:edit` what a
 * tool does; what ends in `>` is a tag of XML or nothing.
 */
export function isReference(text: string, key: Key): boolean {
  if (key.between.includes('>') && !/=|\s(?:->)\s/.test(key.between)) {
    const isTag = /[<:]/.test(text.charAt(key.start - 1));
    // `/bot<token>/getMe`: a place in an address.
    if (/[\w/]</.test(text.slice(Math.max(0, key.start - 2), key.start)) && text[key.end] === '/')
      return true;
    return (
      !isTag ||
      (/>[ \t]/.test(key.between) && !/^[^\r\n<]{1,256}<\//.test(text.slice(key.end, key.end + 260)))
    );
  }
  if (key.between !== ':') return false;
  if (startsAt(VERB, text, key.end)) return true;
  const isPart = kindOfKey(key.name.slice(key.name.lastIndexOf('.') + 1)) === undefined;
  if (isPart && startsAt(NUMBER, text, key.end)) return true;
  return text[key.start - 1] === '/' && !/["'\\[{]/.test(text.charAt(key.end));
}

/** `self.client.get_token(…)`, `os.environ[…]`, `await login()`, `var.password`: where a program has a value from. */
const CODE =
  /(?:[A-Za-z_$][\w$]{0,60}(?:\.|::|->)){1,6}[A-Za-z_]\w{0,60}[([]|(?:env|ENV|getenv|get[A-Z]\w{0,60})[([]|(?:await|new|yield|typeof|function) [A-Za-z_]|(?:var|local|data|module|self|this|params|props|config|settings|options|args|req|request|secrets|env)(?:\.[A-Za-z_]{1,60}){1,8}(?![\w.([-])/y;

export function isCode(text: string, key: Key): boolean {
  const isVariable = key.between === '=' && /^[A-Z][A-Z\d_]*$/.test(key.name);
  return !isVariable && startsAt(CODE, text, key.end);
}

function startsAt(pattern: RegExp, text: string, index: number): boolean {
  pattern.lastIndex = index;
  return pattern.test(text);
}
