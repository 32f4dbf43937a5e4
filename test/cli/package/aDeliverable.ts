import type { Deliverable } from '../../../stack/deliverable.ts';

const upload = (file: string, key: string) => ({
  file,
  key: `fairway-production/${key}`,
  sha256: '0'.repeat(64),
  bytes: 1,
});

/** What `fairway package` writes for an environment that names its account and region. */
export function aDeliverable(changes: Partial<Deliverable> = {}): Deliverable {
  return {
    writtenBy: 'fairway-ecs',
    version: '1.2.0',
    stack: 'fairway-production',
    environment: 'production',
    region: 'eu-west-1',
    account: '123456789012',
    tags: { STAGE: 'production', team: 'platform one' },
    capabilities: ['CAPABILITY_IAM'],
    parameters: [{ name: 'CodeBucket', description: 'The bucket.' }],
    template: upload('template.json', 'template-0123456789ab.json'),
    uploads: ['image-pushed', 'sweep'].map((name) => upload(`${name}-0.zip`, `${name}-0.zip`)),
    ...changes,
  };
}

/** The code blocks of instructions, without their indentation. */
export function blocksOf(instructions: string): readonly string[] {
  const blocks = [...instructions.matchAll(/^ {3}```\w*\n(.*?)^ {3}```$/gms)];
  return blocks.map(([, block = '']) => block.replaceAll(/^ {3}/gm, '').trimEnd());
}
