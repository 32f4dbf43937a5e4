import { CHANNELS } from '../../shared/announce/channels.ts';

/** The handwritten parts of the reference. The rest comes from the schema. */

export interface Section {
  readonly title: string;
  /** Where this part can be in the file: `NAME` is a name that users choose, `[]` each entry of a list. */
  readonly paths: readonly string[];
  readonly text: string;
}

/** The complete example at the start. */
const EXAMPLE = `# yaml-language-server: $schema=./fairway.schema.json
environment: production

channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
  mail: { sns: {} }

defaults: # what every app takes unless it says otherwise
  cluster: app-prod
  channels: [deploys]

apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    before: [{ name: db-migrate, container: migrate, command: [npm, run, migrate] }]
    services:
      - { name: web-app }
      - { name: web-worker, wave: 2 }
  admin:
    image: { repository: team/admin, tags: { newest: "main-*" }, ignore: ["*-dev"] }
    services: [{ name: admin }]
    channels: [deploys, mail]
`;

/** The same with two faults, to show how they are reported. */
export const FAULTY_EXAMPLE = EXAMPLE.replace('wave: 2', 'waev: 2').replace(
  '[deploys, mail]',
  '[deploy, mail]',
);

export const introduction = (faults: string) => `# Configuration

\`fairway.yml\` says which images go live where. It is read when the stack is packaged: run \`npm run deploy\` after a change. \`FAIRWAY_CONFIG\` names another file, for example one per environment. Every command resolves it relative to the current folder. \`--config FILE\` of \`fairway\` and \`npm run local\` takes precedence.

\`\`\`yaml
${EXAMPLE}\`\`\`

With the first line, editors complete and check the file against its JSON Schema, \`fairway.schema.json\`. Packaging checks more (two apps with one service, invalid patterns, unknown channels, …). It reports all mistakes at once, each with its line and the closest valid name, and packages nothing until they are fixed:

\`\`\`text
${faults}
\`\`\`

\`fairway verify\` then checks the file against your AWS account: clusters, services, containers, roles and log groups.

The file is YAML 1.2. Anchors and aliases work. Merge keys (\`<<\`) do not exist in YAML 1.2; use \`defaults\` instead. A duration is written in hours, minutes and seconds: \`90s\`, \`30m\`, \`1h30m\`.
`;

export const SECTIONS: readonly Section[] = [
  { title: 'The file', paths: [''], text: '' },
  {
    title: 'Channels',
    paths: ['channels.NAME'],
    text: `Where notifications are sent. Choose the names: letters, digits, \`-\` and \`_\`, at most 64. Each channel is exactly one of ${CHANNELS.map(({ kind }) => `\`${kind}\``).join(', ')}. The file contains no secret, only the name under which it is stored. See [Notifications](announcements.md).`,
  },
  {
    title: 'Audit',
    paths: ['audit'],
    text: 'Findings of [`fairway audit`](audit.md) that are right for you.',
  },
  {
    title: 'Defaults',
    paths: ['defaults'],
    text: 'What applies to every app that does not set it. Timeouts are merged one by one, `image.tags` and `image.ignore` separately. A list replaces the whole list.',
  },
  {
    title: 'Apps',
    paths: ['apps.NAME'],
    text: 'An app is an image repository, the services that run it, and what belongs to a release. Choose its name: letters, digits, `-` and `_`, at most 64. A service belongs to one app only. The services of an app go live together and roll back together.',
  },
  {
    title: 'Image',
    paths: ['apps.NAME.image', 'defaults.image'],
    text: 'Only an app has a `repository`. A push whose tag does not match, or is ignored, is recorded in the ledger with that reason.',
  },
  {
    title: 'Tags',
    paths: ['apps.NAME.image.tags', 'defaults.image.tags'],
    text: `Exactly one of \`semver\`, \`newest\` and \`digest\`:

\`\`\`yaml
tags: { semver: "^2.1" }                       # v2.1.0, 2.4.7: the highest version wins
tags: { newest: "main-*" }                     # main-41, main-42: the newest push wins
tags: { newest: "{main,release}-[0-9]*" }      # main-42, release-7: the newest push wins
tags: { digest: latest }                       # the image that this moving tag points to wins
\`\`\`

A glob is compared with the whole tag. It supports \`*\` (any characters), \`?\` (one character), \`[a-f]\` and \`[!a-f]\` (one character in the list, or not in it), and \`{main,dev}\` (one of these). Extended globs such as \`+(a|b)\` and regular expressions are refused. For \`\\d+\`, write \`[0-9]*\`; for \`(rc|dev)\`, write \`{rc,dev}\`; add what must not match to \`ignore\`. \`fairway verify\` reports a policy that matches none of the tags in ECR. Versions can start with \`v\`. They use \`_\` for the \`+\` of build metadata, which tags cannot contain.`,
  },
  {
    title: 'Timeouts',
    paths: ['apps.NAME.timeouts', 'defaults.timeouts'],
    text: 'When Fairway gives up. [What Fairway does when …](behaviour.md) describes what happens then.',
  },
  {
    title: 'Services',
    paths: ['apps.NAME.services[]'],
    text: 'ECS services that run the image. The services of one wave roll together, and the next wave starts when all of them are live. The permissions of the functions are generated from the roles and the log group: `fairway verify` reports where they differ from the task definition.',
  },
  {
    title: 'Release tasks',
    paths: ['apps.NAME.before[]', 'apps.NAME.after[]'],
    text: "One-off tasks that belong to a release: migrations before the services change, smoke tests after. They run one after the other. Every container whose image is from the app's repository gets the release's image. Each task must exit with code 0 in its named container.",
  },
  {
    title: 'Tasks',
    paths: ['apps.NAME.tasks[]'],
    text: `One-off tasks that are independent of releases, on a schedule or on demand. They run the digest that is live, pinned as for the services: the nightly report runs the same code that serves requests. [Tasks](tasks.md) describes the outcomes of a run and who is notified.

\`\`\`yaml
tasks:
  - name: nightly-report
    like: web-app # its task definition, network and roles, with another command
    container: web
    command: [npm, run, report]
    schedule: { expression: cron(0 3 * * ? *), timeZone: Europe/Berlin }
\`\`\``,
  },
  {
    title: 'Clusters',
    paths: ['infrastructure.clusters.NAME'],
    text: 'What `fairway plan` compares and `fairway apply` creates and changes. Only the declared members are compared. [Infrastructure](infrastructure.md) describes the rules, references, and what is never done.',
  },
  {
    title: 'Repositories',
    paths: ['infrastructure.repositories.NAME'],
    text: 'ECR repositories. Members without a short form here have the names of the ECR API.',
  },
  {
    title: 'Log groups',
    paths: ['infrastructure.logGroups.NAME'],
    text: 'CloudWatch log groups. The short form of a task definition declares its own: `/ecs/` and the family.',
  },
  {
    title: 'Task definitions',
    paths: ['infrastructure.taskDefinitions.NAME'],
    text: 'By family, exactly one of `file`, `definition` and the short form with `containers`. The first two take every member of `RegisterTaskDefinition`.',
  },
  {
    title: 'Containers',
    paths: ['infrastructure.taskDefinitions.NAME.containers.NAME'],
    text: 'The containers of the short form, by name. Other members have the names of the ECS API.',
  },
  {
    title: 'Declared services',
    paths: ['infrastructure.services.NAME'],
    text: 'ECS services. Members without a short form here have the names of `CreateService`: `loadBalancers`, `deploymentConfiguration`, `capacityProviderStrategy`, … A service that names no capacity runs on Fargate.',
  },
  {
    title: 'Scaling',
    paths: ['infrastructure.services.NAME.scaling'],
    text: 'Application Auto Scaling of the service. A number in place of a mapping is the target, with the default cooldowns.',
  },
];
