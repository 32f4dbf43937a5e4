import { typesOf } from '../../build/types.ts';

const types = (schema: Parameters<typeof typesOf>[0]) =>
  typesOf(schema, 'File').split('\n').slice(1).join('\n');

describe('the types of a JSON Schema', () => {
  it('are those of its members, with their descriptions', () => {
    const properties = {
      name: { type: 'string', description: 'A name.' },
      tags: { type: 'array', items: { enum: ['a', 'b'] } },
    };
    expect(types({ type: 'object', properties, required: ['name'], additionalProperties: false })).toContain(
      '{ /** A name. */\nreadonly "name": string;\nreadonly "tags"?: readonly ("a" | "b")[]; }',
    );
  });

  it.each([
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, '(string) | (number)'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ const: true }, 'true'],
    [{ type: 'object', additionalProperties: { type: 'boolean' } }, '{ readonly [name: string]: boolean; }'],
    [{}, 'unknown'],
  ])('of %j are %s', (schema, expected) => {
    expect(types(schema)).toContain(`export type File = ${expected};`);
  });

  it('include what a reference to another member points to', () => {
    const properties = {
      region: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      other: { anyOf: [{ $ref: '#/properties/region/anyOf/1' }, { type: 'null' }] },
    };
    expect(types({ type: 'object', properties })).toContain('"other"?: (number) | (null);');
    expect(() => types({ $ref: '#/properties/none' })).toThrow('#/properties/none is not in the schema');
  });

  it('name the definitions that the schema refers to', () => {
    const text = types({ $defs: { task: { type: 'string' } }, $ref: '#/$defs/task' });
    expect(text).toContain('export type Task = string;');
    expect(text).toContain('export type File = Task;');
  });
});
