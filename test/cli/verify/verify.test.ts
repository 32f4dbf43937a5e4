import { exitCode } from '../../../cli/failure.ts';
import { run } from '../../../cli/fairway.ts';
import { type Answered, fakeCloud, type Received, recorded } from '../fake-cloud.ts';

const root = `${import.meta.dirname}/../../..`;
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

function definition(family: string, container: string) {
  return {
    family,
    revision: 1,
    taskRoleArn: role('web-app-task'),
    executionRoleArn: role('web-app-execution'),
    containerDefinitions: [
      {
        name: container,
        image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app:1.0.0',
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': `/ecs/${family}` } },
      },
    ],
  };
}

/** AWS with the example application in it. */
function example({ target, body }: Received): Answered | undefined {
  const asked = JSON.parse(body);
  const json = (value: unknown): Answered => ({ body: JSON.stringify(value) });
  if (target.endsWith('.DescribeClusters'))
    return json({ clusters: [{ clusterName: 'app-prod', status: 'ACTIVE' }] });
  if (target.endsWith('.DescribeServices'))
    return json({ services: [{ serviceName: 'web-app', status: 'ACTIVE', taskDefinition: 'web-app:1' }] });
  if (target.endsWith('.DescribeRepositories'))
    return json({ repositories: [{ repositoryName: 'web-app' }] });
  if (target.endsWith('.GetParameter'))
    return json({ Parameter: { Name: asked.Name, Type: 'SecureString', Value: 'encrypted' } });
  if (!target.endsWith('.DescribeTaskDefinition')) return undefined;
  if (asked.taskDefinition === 'web-app:1') return json({ taskDefinition: definition('web-app', 'web') });
  return json({ taskDefinition: definition('db-migrate', 'migrate') });
}

async function verifyAgainst(answer: (request: Received) => Answered | undefined, ...options: string[]) {
  const cloud = await fakeCloud(answer);
  try {
    const { around, written } = recorded(root);
    const code = await run(['verify', '--local', cloud.url, ...options], around);
    return { code, ...written };
  } finally {
    await cloud.stop();
  }
}

describe('fairway verify', () => {
  it('exits with 0 where the example is as fairway.yml says', async () => {
    const { code, out, err } = await verifyAgainst(example);
    expect({ code, err }).toEqual({ code: exitCode.done, err: '' });
    expect(out).toContain('no differences');
  });

  it('exits with 1 and names what is missing', async () => {
    const missing = (error: string) => ({
      status: 400,
      body: JSON.stringify({ __type: error, message: 'x' }),
    });
    const { code, out } = await verifyAgainst((request) => {
      if (request.target.endsWith('.DescribeRepositories')) return missing('RepositoryNotFoundException');
      if (request.target.endsWith('.DescribeTaskDefinition') && request.body.includes('db-migrate'))
        return missing('ClientException');
      return example(request);
    });
    expect(code).toBe(exitCode.failed);
    expect(out).toContain('there is no ECR repository "web-app"');
    expect(out).toContain('no active task definition in the family "db-migrate"');
  });

  it('names a channel whose token does not exist, and reads no token in plain text', async () => {
    const asked: unknown[] = [];
    const { code, out } = await verifyAgainst((request) => {
      if (!request.target.endsWith('.GetParameter')) return example(request);
      asked.push(JSON.parse(request.body));
      return { status: 400, body: JSON.stringify({ __type: 'ParameterNotFound', message: '' }) };
    });
    expect(code).toBe(exitCode.failed);
    expect(out).toContain(
      'channels.deploys: there is no parameter /fairway/slack-token in SSM Parameter Store',
    );
    expect(asked).toEqual([{ Name: '/fairway/slack-token', WithDecryption: false }]);
  });

  it('warns about a channel that it may not check', async () => {
    const denied = { status: 400, body: JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }) };
    const { code, out } = await verifyAgainst((request) =>
      request.target.endsWith('.GetParameter') ? denied : example(request),
    );
    expect(code).toBe(exitCode.done);
    expect(out.replace(/ --local \S+/, '')).toContain(
      'channels.deploys could not be checked (AccessDeniedException: no): `npm run fairway -- announce --test deploys` sends a test message',
    );
  });

  const images = (...tags: readonly string[]) => ({
    body: JSON.stringify({
      imageDetails: tags.map((tag) => ({ imageTags: [tag], imagePushedAt: 1_700_000_000 })),
    }),
  });

  it('warns about a policy that matches none of the tags in ECR, and shows some of them', async () => {
    const { code, out } = await verifyAgainst((request) =>
      request.target.endsWith('.DescribeImages') ? images('main-7', 'latest') : example(request),
    );
    expect(code).toBe(exitCode.done);
    expect(out).toMatch(
      /! apps\.web\S*\.image\.tags: semver: \S+ matches none of the 2 tags in "web-app", the newest are "main-7", "latest"; correct/,
    );
  });

  it.each([
    ['one of the tags matches', images('main-7', '1.2.0')],
    ['the repository is empty', images()],
    ['the images may not be listed', { status: 400, body: '{"__type":"AccessDeniedException"}' }],
  ])('does not warn about tags where %s', async (_, answer) => {
    const { code, out } = await verifyAgainst((request) =>
      request.target.endsWith('.DescribeImages') ? answer : example(request),
    );
    expect(code).toBe(exitCode.done);
    expect(out).toContain('no differences');
  });

  it('prints differences as JSON, with the former name of a member', async () => {
    const { code, out } = await verifyAgainst(
      (request) =>
        request.target.endsWith('.DescribeClusters') ? { body: '{"clusters":[]}' } : example(request),
      '--json',
    );
    expect(code).toBe(exitCode.failed);
    const FIX = 'correct the name, or check --region';
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      differences: [{ where: 'cluster', fix: FIX, mend: FIX }],
    });
  });

  it('exits with 1 where AWS denies a request, and shows the message', async () => {
    const { code, err } = await verifyAgainst(() => ({
      status: 400,
      body: JSON.stringify({ __type: 'AccessDeniedException', message: 'no ecs:DescribeClusters' }),
    }));
    expect(code).toBe(exitCode.failed);
    expect(err).toContain('AWS denied it (no ecs:DescribeClusters)');
  });
});

describe('fairway verify of a service whose deployments shift traffic', () => {
  const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
  const [blue, green] = ['blue', 'green'].map((name) => `${ELB}:targetgroup/${name}/1`);
  const rule = `${ELB}:listener-rule/app/web/1/2/3`;
  const service = {
    serviceName: 'web-app',
    status: 'ACTIVE',
    taskDefinition: 'web-app:1',
    deploymentConfiguration: { strategy: 'BLUE_GREEN' },
    loadBalancers: [
      {
        targetGroupArn: blue,
        advancedConfiguration: { alternateTargetGroupArn: green, productionListenerRule: rule },
      },
    ],
    currentServiceRevisions: [{ arn: 'arn:revision' }],
  };
  const revision = {
    serviceRevisionArn: 'arn:revision',
    resolvedConfiguration: { loadBalancers: [{ targetGroupArn: blue, productionListenerRule: rule }] },
  };

  /** Its revision serves from blue; the load balancer answers this. */
  function shifting(rules: Answered) {
    return (request: Received): Answered | undefined => {
      if (request.body.startsWith('Action=DescribeRules')) return rules;
      if (request.target.endsWith('.DescribeServices'))
        return { body: JSON.stringify({ services: [service] }) };
      if (request.target.endsWith('.DescribeServiceRevisions'))
        return { body: JSON.stringify({ serviceRevisions: [revision] }) };
      return example(request);
    };
  }

  function serving(group: string | undefined): Answered {
    const action = `<member><Type>forward</Type><TargetGroupArn>${group}</TargetGroupArn></member>`;
    const rules = `<member><RuleArn>${rule}</RuleArn><Actions>${action}</Actions></member>`;
    return {
      headers: { 'content-type': 'text/xml' },
      body: `<DescribeRulesResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeRulesResult><Rules>${rules}</Rules></DescribeRulesResult></DescribeRulesResponse>`,
    };
  }
  const denied: Answered = {
    status: 403,
    headers: { 'content-type': 'text/xml' },
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>',
  };

  it('warns where production points at another target group than what runs', async () => {
    const { out } = await verifyAgainst(shifting(serving(green)));
    expect(out).toContain(
      'The production listener rule of web-app points to green, but its revision serves from blue',
    );
    expect(out).toContain('Give blue all the weight');
  });

  it('says nothing where it points at what runs', async () => {
    expect((await verifyAgainst(shifting(serving(blue)))).out).not.toMatch(
      /production listener rule|weights/,
    );
  });

  it('says what it could not check', async () => {
    const { out } = await verifyAgainst(shifting(denied));
    expect(out).toContain('The weights of web-app were not checked: no permission');
  });
});
