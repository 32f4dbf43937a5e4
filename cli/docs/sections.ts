/** What people wrote of the reference: the rest of it comes from the schema. */

export interface Section {
  readonly title: string;
  /** Where this part may stand: `NAME` is a name of one's own, `[]` each entry of a list. */
  readonly paths: readonly string[];
  readonly text: string;
}

/** The complete example at the start. */
export const EXAMPLE = `# yaml-language-server: $schema=./fairway.schema.json
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

/** The same with two faults, to show how they are told. */
export const FAULTY_EXAMPLE = EXAMPLE.replace('wave: 2', 'waev: 2').replace(
  '[deploys, mail]',
  '[deploy, mail]',
);

export const introduction = (faults: string) => `# Configuration

\`fairway.yml\` says which images go live where. It is read when the stack is packaged: after a change, \`npm run deploy\`. \`FAIRWAY_CONFIG\` names another file: one for each environment, for instance. Every command reads it the same way, relative to the folder that it runs in; \`--config FILE\` of \`fairway\` and \`npm run local\` comes first.

\`\`\`yaml
${EXAMPLE}\`\`\`

The first line lets editors complete and check what you write: \`fairway.schema.json\` is its JSON Schema. Packaging checks more than that (two apps on one service, patterns that no tag can match, unknown channels, …) and tells every fault at once, with its line and the nearest valid name; nothing is packaged while there is one:

\`\`\`text
${faults}
\`\`\`

\`fairway verify\` then holds the file against what is in AWS: clusters, services, containers, roles and log groups.

The file is YAML 1.2. Anchors and aliases work; merge keys (\`<<\`) do not exist in 1.2, \`defaults\` is for that. A duration is written in hours, minutes and seconds: \`90s\`, \`30m\`, \`1h30m\`.
`;

export const SECTIONS: readonly Section[] = [
  { title: 'The file', paths: [''], text: '' },
  {
    title: 'Channels',
    paths: ['channels.NAME'],
    text: 'Where people are told, by names of your own: letters, digits, `-` and `_`, at most 64. Each is exactly one of `slack` and `sns`. No secret stands in the file, only the name under which it is kept.',
  },
  {
    title: 'Defaults',
    paths: ['defaults'],
    text: 'What every app takes unless it says otherwise. Timeouts are merged one by one, `image.tags` and `image.ignore` each on its own; a list replaces the whole list.',
  },
  {
    title: 'Apps',
    paths: ['apps.NAME'],
    text: 'An app is an image repository, the services that run it, and what belongs to a release. Its name is yours: letters, digits, `-` and `_`, at most 64. A service belongs to one app only, and its services go live and back together.',
  },
  {
    title: 'Image',
    paths: ['apps.NAME.image', 'defaults.image'],
    text: '`repository` stands in an app only. A push whose tag does not count, or is ignored, is kept in the ledger with that reason.',
  },
  {
    title: 'Tags',
    paths: ['apps.NAME.image.tags', 'defaults.image.tags'],
    text: `Exactly one of \`semver\`, \`newest\` and \`digest\`:

\`\`\`yaml
tags: { semver: "^2.1" }                       # v2.1.0, 2.4.7: the highest version wins
tags: { newest: "main-*" }                     # main-41, main-42: the newest push wins
tags: { newest: "{main,release}-[0-9]*" }      # main-42, release-7: the newest push wins
tags: { digest: latest }                       # what this moving tag points at wins
\`\`\`

A glob is compared with the whole tag. It has \`*\` (any characters), \`?\` (one character), \`[a-f]\` and \`[!a-f]\` (one character that is in the list, or is not), and \`{main,dev}\` (one of these); extended globs such as \`+(a|b)\` and regular expressions are refused. For \`\\d+\` write \`[0-9]*\`, for \`(rc|dev)\` write \`{rc,dev}\`, and put what must not match into \`ignore\`. \`fairway verify\` reports a policy that none of the tags in ECR matches. Versions may start with a \`v\`, and write \`_\` for the \`+\` of build metadata, which tags cannot hold.`,
  },
  {
    title: 'Timeouts',
    paths: ['apps.NAME.timeouts', 'defaults.timeouts'],
    text: 'When to give up. What happens then stands in [What Fairway does when …](behaviour.md).',
  },
  {
    title: 'Services',
    paths: ['apps.NAME.services[]'],
    text: 'ECS services that run the image. Those of one wave roll together, and the next wave starts when all of them are live. The roles and the log group are what the rights of the functions are made of: `fairway verify` tells where they are not those of the task definition.',
  },
  {
    title: 'Release tasks',
    paths: ['apps.NAME.before[]', 'apps.NAME.after[]'],
    text: "One-off tasks that belong to a release: migrations before the services change, smoke tests after. They run one after the other, with the release's image in every container whose image is of the app's repository, and each must end with exit code 0 in its named container.",
  },
  {
    title: 'Tasks',
    paths: ['apps.NAME.tasks[]'],
    text: `One-off tasks apart from releases, on a schedule or on demand. They run the digest that is live, pinned like the services: the report at night runs the code that serves by day. What becomes of a run, and how people are told, stands in [Tasks](tasks.md).

\`\`\`yaml
tasks:
  - name: nightly-report
    like: web-app # its definition, network and roles, with another command
    container: web
    command: [npm, run, report]
    schedule: { expression: cron(0 3 * * ? *), timeZone: Europe/Berlin }
\`\`\``,
  },
];
