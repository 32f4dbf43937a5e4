import { packageText } from '../../../cli/init/manifest.ts';

describe('the entry in package.json', () => {
  const added = '"fairway-ecs": "1.2.3"';

  it.each([
    ['a new file', undefined, `{\n  "private": true,\n  "devDependencies": {\n    ${added}\n  }\n}\n`],
    ['an empty object', '{}', `{\n  "devDependencies": {\n    ${added}\n  }\n}`],
    [
      'no list',
      '{\n\t"files": ["a", "b"],\n\t"x": { "y": 1 }\n}\n',
      `{\n\t"files": ["a", "b"],\n\t"x": { "y": 1 },\n\t"devDependencies": {\n\t\t${added}\n\t}\n}\n`,
    ],
    [
      'a list in order',
      '{\n    "devDependencies": {\n        "a": "1",\n        "z": "1"\n    }\n}',
      `{\n    "devDependencies": {\n        "a": "1",\n        ${added},\n        "z": "1"\n    }\n}`,
    ],
    [
      'a list of earlier names',
      '{\n  "devDependencies": {\n    "a": "1"\n  },\n  "type": "module"\n}\n',
      `{\n  "devDependencies": {\n    "a": "1",\n    ${added}\n  },\n  "type": "module"\n}\n`,
    ],
    ['an empty list', '{\n  "devDependencies": {}\n}\n', `{\n  "devDependencies": {\n    ${added}\n  }\n}\n`],
    [
      'lines that end with CRLF',
      '{\r\n  "name": "a"\r\n}\r\n',
      `{\r\n  "name": "a",\r\n  "devDependencies": {\r\n    ${added}\r\n  }\r\n}\r\n`,
    ],
    [
      'a list in one line',
      '{ "devDependencies": { "z": "1" } }',
      `{ "devDependencies": { ${added}, "z": "1" } }`,
    ],
    [
      'a list without spaces around',
      '{"devDependencies": {"a": "1"}}',
      `{"devDependencies": {"a": "1", ${added}}}`,
    ],
    ['no spaces', '{"name":"a"}', '{"name":"a","devDependencies":{"fairway-ecs":"1.2.3"}}'],
    [
      'escapes',
      '{\n  "a": "\\u00e9 \\/ \\"}",\n  "b": 1.0\n}',
      `{\n  "a": "\\u00e9 \\/ \\"}",\n  "b": 1.0,\n  "devDependencies": {\n    ${added}\n  }\n}`,
    ],
  ])('is inserted into %s, and changes nothing else', (_, before, after) => {
    expect(packageText(before, '1.2.3')).toBe(after);
  });

  it.each(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])(
    'is there if %s has it',
    (list) => {
      const text = `{"${list}":{"fairway-ecs":"file:x.tgz"}}`;
      expect(packageText(text, '1.2.3')).toBe(text);
    },
  );

  it.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['\uFEFF{}', 'it starts with a byte order mark'],
    ['{', 'it is not JSON'],
    ['{ "a": 1, }', 'it is not JSON'],
    ['[]', 'it is not an object'],
    ['null', 'it is not an object'],
    ['{"devDependencies": []}', 'it has devDependencies that are not an object'],
    ['{"devDependencies": null}', 'it has devDependencies that are not an object'],
  ])('is not added to %j: %s', (text, why) => {
    expect(() => packageText(text, '1.2.3')).toThrow(`failed to read package.json: ${why}`);
  });
});
