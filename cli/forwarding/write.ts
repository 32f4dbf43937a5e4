import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Forwarding } from '../../stack/forwarding.ts';
import type { Template } from '../../stack/names.ts';

interface Written {
  readonly file: string;
  /** What to do with it. */
  readonly use: string;
}

/** Writes the templates and the policies of the repositories to a folder. */
export async function writeForwarding(
  forwarding: Forwarding,
  directory: string,
): Promise<readonly Written[]> {
  await mkdir(directory, { recursive: true });
  const files = filesOf(forwarding);
  for (const { file, content } of files)
    await writeFile(join(directory, file), `${JSON.stringify(content, undefined, 2)}\n`);
  return files.map(({ file, use }) => ({ file, use }));
}

function filesOf({ stack, receiver, registries, receiverTemplate }: Forwarding) {
  const files: (Written & { readonly content: Template })[] = registries.flatMap(
    ({ registry: { account, region }, repositories, template, repositoryPolicy }) => [
      {
        file: `registry-${account}-${region}.json`,
        content: template,
        use: `CloudFormation template for ${account}, ${region}, with CAPABILITY_IAM`,
      },
      ...(repositoryPolicy === undefined
        ? []
        : [
            {
              file: `repository-policy-${account}-${region}.json`,
              content: repositoryPolicy,
              use: `add its statements to the policies of ${repositories.join(', ')}`,
            },
          ]),
    ],
  );
  const own = {
    file: 'receiver.json',
    use: `CloudFormation template for ${receiver.account}, ${receiver.region}, beside ${stack}`,
  };
  return receiverTemplate === undefined ? files : [...files, { ...own, content: receiverTemplate }];
}
