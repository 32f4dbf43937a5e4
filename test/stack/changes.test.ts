import { changesOf, isUnchanged } from '../../stack/changes.ts';
import type { Template } from '../../stack/names.ts';
import { buildStack } from '../../stack/serverless.ts';
import { codeAt, templateOf } from '../../stack/template.ts';
import { anApp, START } from '../builders.ts';

const configuration = {
  environment: 'production',
  channels: {},
  apps: [anApp({ services: [{ name: 'web-app', wave: 1, family: 'web-app', containers: ['web'] }] })],
};
type Finished = {
  Metadata: { Fairway: object };
  Resources: Record<string, { Type: string; Properties: object }>;
};

function templateFor(apps = configuration.apps, archive = 'sweep-1.zip'): Finished {
  const template = templateOf({
    parts: buildStack({ ...configuration, apps }, START),
    code: () => codeAt(archive),
    description: 'Fairway',
  });
  return JSON.parse(JSON.stringify(template));
}

function withTable(properties: Readonly<Record<string, Template>>): Finished {
  const template = templateFor();
  const table = template.Resources.Table;
  if (!table) throw new Error('the template has no table');
  return {
    ...template,
    Resources: {
      ...template.Resources,
      Table: { ...table, Properties: { ...table.Properties, ...properties } },
    },
  };
}

describe('what a deployment changes', () => {
  it('is nothing for the same configuration and version, whatever the archives are called', () => {
    expect(isUnchanged(changesOf(templateFor(), templateFor(undefined, 'sweep-2.zip')))).toBe(true);
  });

  it('is everything for a stack that does not exist', () => {
    const changes = changesOf(undefined, templateFor());
    expect(changes).toMatchObject({ code: true, configuration: true, refused: [] });
    expect(changes.version.from).toBeUndefined();
    expect(changes.resources).toContainEqual({
      action: 'add',
      id: 'Table',
      type: 'AWS::DynamoDB::Table',
      properties: [],
    });
    expect(changes.rights.map(({ role }) => role)).toContain('SweepRole');
  });

  it('is the code of the functions for another version', () => {
    const { Metadata, ...earlier } = templateFor();
    const Fairway = { ...Metadata.Fairway, version: '0.0.9' };
    const changes = changesOf({ ...earlier, Metadata: { Fairway } }, templateFor());
    expect(changes).toMatchObject({ version: { from: '0.0.9' }, code: true, configuration: false });
    expect(changes.resources).toEqual([]);
  });

  it('is the configuration, rights and rules for another service', () => {
    const service = { name: 'worker', wave: 1, family: 'worker', containers: ['worker'] };
    const apps = configuration.apps.map((app) => ({ ...app, services: [...app.services, service] }));
    const changes = changesOf(templateFor(), templateFor(apps));
    expect(changes).toMatchObject({ code: false, configuration: true, refused: [] });
    const sweep = changes.rights.find(({ role }) => role === 'SweepRole');
    expect(
      sweep?.gains.some((right) => right.startsWith('ecs:UpdateService on ') && right.includes('worker')),
    ).toBe(true);
    expect(changes.resources.map(({ type }) => type)).toContain('AWS::Events::Rule');
    const back = changesOf(templateFor(apps), templateFor());
    expect(back.rights.find(({ role }) => role === 'SweepRole')?.loses).toEqual(sweep?.gains);
  });

  it('does not know the bucket that only the Serverless Framework has', () => {
    const { Resources, ...rest } = templateFor();
    const ServerlessDeploymentBucket = { Type: 'AWS::S3::Bucket', Properties: {} };
    const deployed = { ...rest, Resources: { ...Resources, ServerlessDeploymentBucket } };
    expect(isUnchanged(changesOf(deployed, templateFor()))).toBe(true);
  });
});

describe('a deployment that would lose the state', () => {
  it.each(['TableName', 'KeySchema'])('is refused: another %s', (name) => {
    const { refused } = changesOf(withTable({ [name]: 'another' }), templateFor());
    expect(refused).toEqual([
      `the table Table would be replaced, since its ${name} changes: the state of all apps would be lost`,
    ]);
  });

  it('is refused: without the table', () => {
    const { Table: _, ...others } = templateFor().Resources;
    const next = { ...templateFor(), Resources: others };
    expect(changesOf(templateFor(), next).refused).toEqual([
      'the table Table would be removed, with the state of all apps',
    ]);
  });

  it('is not one that changes the table in place', () => {
    const changes = changesOf(withTable({ BillingMode: 'PROVISIONED' }), templateFor());
    expect(changes).toMatchObject({
      refused: [],
      resources: [{ action: 'change', properties: ['BillingMode'] }],
    });
  });
});
