/** An element of the XML that AWS's query protocol answers: children, or text. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
// What XML 1.0 does not allow, not even as a reference ("Extensible Markup Language 1.0", 2.2 Characters).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Parses one element with all below it. Throws when it is not well-formed. */
export function parseXml(text: string): XmlElement {
  if (FORBIDDEN.test(text)) throw new Error(`characters that XML does not allow: ${JSON.stringify(text)}`);
  let at = 0;

  function element(): XmlElement {
    const open = /^<([A-Za-z][\w.-]*)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>/.exec(text.slice(at));
    if (!open) throw new Error(`expected an element at ${at}: ${text}`);
    const [whole, name = '', , closed] = open;
    at += whole.length;
    if (closed === '/') return { name, text: '', children: [] };
    const children: XmlElement[] = [];
    let own = '';
    for (;;) {
      const next = text.indexOf('<', at);
      if (next < 0) throw new Error(`<${name}> is not closed: ${text}`);
      own += text.slice(at, next);
      at = next;
      if (text.startsWith('</', at)) break;
      children.push(element());
    }
    if (!text.startsWith(`</${name}>`, at)) throw new Error(`expected </${name}> at ${at}: ${text}`);
    at += name.length + 3;
    return { name, text: plain(own), children };
  }

  const root = element();
  if (text.slice(at).trim() !== '') throw new Error(`text after </${root.name}>: ${text.slice(at)}`);
  return root;
}

function plain(text: string): string {
  return text.replaceAll(/&([^;&]*;?)/g, (whole, name: string) => {
    if (!name.endsWith(';')) throw new Error(`an & that is no reference: ${text}`);
    const code = /^#(?:x([0-9a-fA-F]+)|(\d+));$/.exec(name);
    if (code) return String.fromCodePoint(code[1] ? Number.parseInt(code[1], 16) : Number(code[2]));
    const character = ENTITIES[name.slice(0, -1)];
    if (character === undefined) throw new Error(`${whole} is not known to XML`);
    return character;
  });
}
