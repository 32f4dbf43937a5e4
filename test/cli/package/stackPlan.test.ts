import { join } from 'node:path';
import { run } from '../../../cli/fairway.ts';
import { checkConfiguration } from '../../../shared/config/load.ts';
import { buildStack } from '../../../stack/build.ts';
import { codeDigest } from '../../../stack/codeDigest.ts';
import { codeAt, templateOf } from '../../../stack/template.ts';
import { START } from '../../builders.ts';
import { type Answered, fakeCloud } from '../fake-cloud.ts';

const directory = join(import.meta.dirname, '..', '..', '..');
type Finished = { Metadata: { Fairway: object }; Resources: Record<string, { Properties: object }> };

/** The template of the example. Its only schedule never ends, so that the time does not matter. */
function template(): Finished {
  const { configuration } = checkConfiguration(join(directory, 'fairway.yml'));
  const parts = buildStack(configuration, START);
  const made = templateOf({ parts, code: () => codeAt('a.zip'), description: '' });
  const finished: Finished = JSON.parse(JSON.stringify(made));
  return { ...finished, Metadata: { Fairway: { ...finished.Metadata.Fairway, code } } };
}

let code: string;
beforeAll(async () => {
  code = await codeDigest();
});

function answered(body: object | undefined): Answered {
  const headers = { 'content-type': 'text/xml' };
  if (body === undefined)
    return {
      status: 400,
      headers,
      body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id fairway-production does not exist</Message></Error></ErrorResponse>',
    };
  const text = JSON.stringify(body).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return {
    headers,
    body: `<GetTemplateResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><GetTemplateResult><TemplateBody>${text}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
  };
}

/** The description of a function, or that it does not exist. */
type Described = (name: string) => string | undefined;

function described(path: string, descriptionOf: Described): Answered {
  const [, name = ''] = /functions\/([^/]+)\/configuration$/.exec(path) ?? [];
  const description = descriptionOf(name);
  if (description !== undefined) return { body: JSON.stringify({ Description: description }) };
  return { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{}' };
}

async function fairway(
  line: string,
  deployed: object | undefined,
  descriptionOf: Described = () => 'Fairway 0.2.0',
  env: Readonly<Record<string, string>> = {},
) {
  const cloud = await fakeCloud(({ body, path }) => {
    if (path.endsWith('/configuration')) return described(path, descriptionOf);
    return body.includes('Action=GetTemplate') ? answered(deployed) : undefined;
  });
  let [out, err] = ['', ''];
  const around = {
    env,
    out: { write: (text: string) => (out += text) },
    err: { write: (text: string) => (err += text) },
    directory,
    now: () => START,
  };
  const code = await run([...line.split(' '), '--local', cloud.url], around);
  await cloud.stop();
  return { code, out: out.replace(cloud.url, 'URL'), err };
}

describe('fairway plan --stack', () => {
  it('has nothing to show for the stack of this version and configuration', async () => {
    expect(await fairway('plan --stack', template())).toEqual({
      code: 0,
      out: 'fairway-production in the local cloud at URL\n\nNo changes.\n',
      err: '',
    });
  });

  it('shows what an upgrade changes, with a separate exit code', async () => {
    const { Metadata, Resources } = template();
    const { SweepRole, UndeliveredEvents: _, ...others } = Resources;
    const Fairway = { ...Metadata.Fairway, version: '0.0.9' };
    const fewer = { ...SweepRole, Properties: { ...SweepRole?.Properties, Policies: [] } };
    const { code, out } = await fairway('plan --stack', {
      Metadata: { Fairway },
      Resources: { ...others, SweepRole: fewer, Old: { Type: 'AWS::SNS::Topic', Properties: {} } },
    });
    expect(code).toBe(2);
    expect(out).toMatch(/^~ code of all functions: Fairway 0\.0\.9 → \d/m);
    expect(out).toMatch(/\n {2}\+ .*ecs:UpdateService.* on service\/app-prod\/web-app\n/);
    expect(out).toMatch(/^~ rights of SweepRole\n( {2}\+ (?:\w+:\w+(?:, )?)+ on .+\n)+/m);
    expect(out).toMatch(/^- Old \(AWS::SNS::Topic\)\n\+ UndeliveredEvents \(AWS::SQS::Queue\)$/m);
    expect(out).toMatch(
      /\nPlan: 1 resource to add, 0 to change, 1 to remove, rights of 1 role\. The table stays\.\n$/,
    );
  });

  it('refuses a deployment that would replace the table', async () => {
    const { Resources, ...rest } = template();
    const { Table, ...others } = Resources;
    const renamed = { ...Table, Properties: { ...Table?.Properties, TableName: 'another' } };
    const { code, out, err } = await fairway('plan --stack', {
      ...rest,
      Resources: { ...others, Table: renamed },
    });
    expect(code).toBe(1);
    expect(out).toContain('! refused: the table Table would be replaced');
    expect(err).toContain('the stack fairway-production must not be deployed');
  });

  it('prints one JSON document, also for what it refuses', async () => {
    const { code, out, err } = await fairway('plan --stack --json', template());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ ok: true, stack: 'fairway-production' });
    const old = {
      ...template(),
      Metadata: { Fairway: { ...template().Metadata.Fairway, version: '9.9.9' } },
    };
    const refused = await fairway('plan --stack --json', old);
    expect({ code: refused.code, err: refused.err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(refused.out)).toMatchObject({
      ok: false,
      error: 'failed',
      message: expect.stringMatching(
        /^the stack fairway-production must not be deployed: .*Deploy 9\.8 first/,
      ),
      changes: { code: true },
    });
  });

  it('says that the code is another one where only the sources are', async () => {
    const { Metadata, ...rest } = template();
    const before = { ...rest, Metadata: { Fairway: { ...Metadata.Fairway, code: 'of before' } } };
    const { code, out } = await fairway('plan --stack', before);
    expect(code).toBe(2);
    expect(out).toMatch(/^~ code of all functions: Fairway \d+\.\d+\.\d+, built from other sources$/m);
  });

  it('says what CloudFormation replaces', async () => {
    const { Resources, ...rest } = template();
    const { SweepStopped, ...others } = Resources;
    const renamed = { ...SweepStopped, Properties: { ...SweepStopped?.Properties, AlarmName: 'old' } };
    const { out } = await fairway('plan --stack', {
      ...rest,
      Resources: { ...others, SweepStopped: renamed },
    });
    expect(out).toContain('± SweepStopped (AWS::CloudWatch::Alarm) is replaced: AlarmName\n');
    expect(out).toContain(' 1 to change (1 replaced), ');
  });

  it('shows a few of many resources on a line', async () => {
    const { Resources, ...rest } = template();
    const { SweepRole, ...others } = Resources;
    const resources = Array.from({ length: 30 }, (_, index) => `r${index}`);
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: resources }];
    const more = {
      ...SweepRole,
      Properties: { ...SweepRole?.Properties, Policies: [{ PolicyDocument: { Statement } }] },
    };
    const { out } = await fairway('plan --stack', { ...rest, Resources: { ...others, SweepRole: more } });
    expect(out).toMatch(/^ {2}- s3:GetObject on r0, .* and 20 more$/m);
  });

  it('refuses the stack of another configuration, unless FAIRWAY_REPLACE names it', async () => {
    const other = { Metadata: { Fairway: { apps: ['billing'] } }, Resources: {} };
    const { code, err } = await fairway('plan --stack', other);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('belongs to another configuration'),
    });
    const env = { FAIRWAY_REPLACE: 'fairway-production' };
    expect(await fairway('plan --stack', other, undefined, env)).toMatchObject({ code: 2, err: '' });
    const wrong = { FAIRWAY_REPLACE: 'another' };
    expect((await fairway('plan --stack', other, undefined, wrong)).code).toBe(1);
  });
});

describe('fairway version --stack', () => {
  it('shows which version each function runs, while a deployment replaces them', async () => {
    const during: Described = (name) => {
      if (name.endsWith('sweep')) return undefined;
      return name.endsWith('operate') ? 'Fairway 0.3.0' : 'Fairway 0.2.0';
    };
    const { code, out } = await fairway('version --stack', template(), during);
    expect(code).toBe(0);
    expect(out.split('\n').slice(2)).toEqual([
      '  ecs-changed   Fairway 0.2.0',
      '  image-pushed  Fairway 0.2.0',
      '  operate       Fairway 0.3.0',
      '  run-task      Fairway 0.2.0',
      '  sweep         not deployed',
      '',
    ]);
  });

  it('knows functions of before the versions were recorded', async () => {
    const { out } = await fairway('version --stack --json', template(), () => '');
    const [{ functions }] = JSON.parse(out).deployed;
    expect(functions.sweep).toBe('a version of Fairway before 0.2');
  });

  it('shows what an upgrade changes as its code, not as a change of every function', async () => {
    const before = JSON.parse(JSON.stringify(template()).replaceAll(/"Fairway \d[^"]*"/g, '"Fairway 0.0.9"'));
    expect((await fairway('plan --stack', before)).out).not.toContain('Description');
  });

  it.each([
    ['the version of the stack', template(), /: Fairway \d+\.\d+\.\d+\n {2}ecs-changed/],
    ['a stack without a version', { Resources: {} }, /: a version of Fairway before 0\.2\n$/],
    ['a stack that does not exist', undefined, /: not deployed\n$/],
  ])('shows %s', async (_, deployed, shown) => {
    const { code, out } = await fairway('version --stack', deployed);
    expect(code).toBe(0);
    expect(out).toMatch(/^fairway-production in the local cloud at URL: /m);
    expect(out).toMatch(shown);
  });
});
