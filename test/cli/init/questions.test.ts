import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../../cli/fairway.ts';
import { environmentOf } from '../../../cli/init/guesses.ts';
import { Interrupted, type Keyboard } from '../../../cli/keyboard.ts';
import { type Answered, aCluster, fakeCloud, type Received, recorded } from '../fake-cloud.ts';

describe('fairway init in a terminal', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'fairway-test-questions-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const clusters = (...names: readonly string[]): Answered => ({
    body: JSON.stringify({
      clusterArns: names.map((name) => `arn:aws:ecs:eu-west-1:123456789012:cluster/${name}`),
    }),
  });
  const denied: Answered = {
    status: 400,
    body: JSON.stringify({ __type: 'AccessDeniedException', message: 'not granted' }),
  };

  /** "^C": the person presses Ctrl-C. */
  async function answering(listed: Answered, answers: readonly string[], ...line: readonly string[]) {
    const left = [...answers];
    const questions: string[] = [];
    const keyboard = (): Keyboard => ({
      answers: true,
      interrupted: () => undefined,
      wait: async () => {},
      confirm: async () => undefined,
      async ask(question) {
        questions.push(question);
        const answer = left.shift();
        if (answer === undefined || answer === '^C') throw new Interrupted();
        return answer;
      },
      close() {},
    });
    const cloud = await fakeCloud((request: Received) =>
      request.target.endsWith('.ListClusters') ? listed : aCluster(request),
    );
    const { around, written } = recorded(directory);
    const code = await run(['init', ...line, '--local', cloud.url], { ...around, keyboard });
    await cloud.stop();
    return { code, questions, left, ...written };
  }
  const configuration = () => parse(readFileSync(join(directory, 'fairway.yml'), 'utf8'));

  it('asks for the region, for one of its clusters, and for the environment', async () => {
    const { questions, err, out } = await answering(clusters('old', 'app'), ['eu-west-1', '1', 'staging']);
    expect(questions).toEqual(['AWS region [us-east-1]: ', 'ECS cluster: ', 'Environment [production]: ']);
    expect(err).toMatch(/^Clusters in .*:\n {2}1 {2}app\n {2}2 {2}old\n$/);
    expect(configuration()).toMatchObject({
      environment: 'staging',
      region: 'eu-west-1',
      defaults: { cluster: 'app' },
    });
    // No one has to check what a person answered.
    expect(out).not.toMatch(/(environment|region): A guess/);
  });

  it('takes the default for an empty answer, and asks again without one or with a wrong one', async () => {
    const answers = ['Ireland', '', '', '3', 'ap', 'app', 'Staging', ''];
    const { questions, err, left } = await answering(clusters('app', 'b'), answers);
    expect(left).toEqual([]);
    expect(questions).toHaveLength(answers.length);
    expect(err).toContain('expected the name of an AWS region');
    expect(err).toContain('expected the name or the number of one of these clusters');
    expect(err).toContain('expected a short name of lowercase letters');
    expect(configuration()).toMatchObject({ environment: 'production', region: 'us-east-1' });
  });

  it('does not ask for what the line says, and takes the only cluster by default', async () => {
    const line = ['--region', 'eu-west-1', '--environment', 'staging'];
    const { questions } = await answering(clusters('app'), [''], ...line);
    expect(questions).toEqual(['ECS cluster [app]: ']);
    expect(configuration()).toMatchObject({ environment: 'staging', region: 'eu-west-1' });
  });

  it('asks for the name where the clusters may not be listed', async () => {
    const { err } = await answering(denied, ['', 'app', '']);
    expect(err).toContain('failed to list the clusters: AWS denied it');
    expect(configuration()).toMatchObject({ defaults: { cluster: 'app' } });
  });

  it('says where there is no cluster, and what to do', async () => {
    const { code, err } = await answering(clusters(), ['']);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /there is no cluster in .*: choose another --region, or start with init --foundation/,
      ),
    });
  });

  it.each([[['^C']], [['', '^C']], [['', 'app', '^C']]])(
    'writes nothing after Ctrl-C: %j',
    async (answers) => {
      const { code, err } = await answering(clusters('app'), answers);
      expect(code).toBe(130);
      expect(err).toMatch(/\nNothing was written\.\n$/);
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it('takes a cluster from its ARN, in the region of the ARN', async () => {
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/app';
    const { out } = await answering(denied, [], '--cluster', arn);
    expect(configuration()).toMatchObject({ region: 'eu-west-1', defaults: { cluster: 'app' } });
    expect(out).toMatch(/Check \d notes:\n {2}environment: A guess, since the name of the cluster app/);
  });

  it.each([
    [
      ['--cluster', 'arn:aws:ecs:eu-west-1:123456789012:cluster/app', '--region', 'us-east-1'],
      64,
      /which is in eu-west-1: leave --region out/,
    ],
    [
      ['--cluster', 'arn:aws:ecs:eu-west-1:210987654321:cluster/app'],
      1,
      /credentials are of 123456789012: use credentials of 210987654321/,
    ],
    [
      ['--cluster', 'arn:aws:ecs:eu-west-1:123456789012:service/app/web'],
      64,
      /--cluster needs the name or the ARN of a cluster, not "arn/,
    ],
    [['--cluster', ''], 64, /--cluster needs the name or the ARN of a cluster, not ""/],
    [['--cluster'], 64, /--cluster needs a value/],
  ])('refuses %j', async (line, exit, why) => {
    const { code, err } = await answering(denied, [], ...line);
    expect({ code, err }).toEqual({ code: exit, err: expect.stringMatching(why) });
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['app-staging', 'staging'],
    ['STG_app', 'staging'],
    ['app-prod', 'production'],
    ['pre-prod', 'preprod'],
    ['nonprod-eu', 'nonprod'],
    ['dev', 'dev'],
    ['products', 'production'],
    ['latest', 'production'],
  ])('guesses the environment of the cluster %s: %s', (cluster, environment) => {
    expect(environmentOf(cluster).environment).toBe(environment);
  });
});
