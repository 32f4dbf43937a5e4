import { channelsInUse, needsOf } from '../shared/announce/channels.ts';
import type { Configuration } from '../shared/domain/app.ts';
import { arn, type OwnResources } from './names.ts';
import { type Statement, unique, used } from './policies.ts';

/** What the channels need that apps use. */
export function channelPermissions(configuration: Configuration, own: OwnResources): readonly Statement[] {
  return used(announcements(configuration, own));
}

/** What the channels need that apps use, and no other. */
export function announcements(configuration: Configuration, own: OwnResources): readonly Statement[] {
  const used = channelsInUse(configuration);
  const needs = Object.entries(configuration.channels).flatMap(([name, channel]) =>
    used.has(name) ? needsOf(channel) : [],
  );
  const secrets = needs.flatMap((need) => (need.kind === 'secret' ? [need.secret] : []));
  return [
    {
      sid: 'Announce',
      actions: ['sns:Publish'],
      resources: unique(needs.flatMap((need) => (need.kind === 'topic' ? [need.topic ?? own.topic] : []))),
    },
    {
      sid: 'ReadParameters',
      actions: ['ssm:GetParameter'],
      resources: unique(
        secrets.flatMap((secret) =>
          'ssm' in secret ? [arn('ssm', `parameter/${secret.ssm.replace(/^\//, '')}`)] : [],
        ),
      ),
    },
    {
      sid: 'ReadSecrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: unique(
        secrets.flatMap((secret) => ('secretsManager' in secret ? [secretArn(secret.secretsManager)] : [])),
      ),
    },
  ];
}

/** Secrets Manager adds six random characters to the name ("Secret ARN" in its user guide). */
function secretArn(secret: string): string {
  return secret.startsWith('arn:') ? secret : arn('secretsmanager', `secret:${secret}-??????`);
}
