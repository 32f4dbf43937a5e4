import type { JsonObject } from '../contract.ts';
import type { Context, TaskNetwork, TaskVolume } from './model.ts';
import { object, text, texts } from './read.ts';

/** The attachments of a task: its network interface and its volumes. */

export function newNetwork(ctx: Context, configuration: JsonObject): TaskNetwork {
  const octet = () => Math.floor(ctx.ids.random() * 254) + 1;
  return {
    attachment: ctx.ids.uuid(),
    subnet: texts(configuration, 'subnets')[0] ?? 'subnet-0',
    eni: `eni-${ctx.ids.hex(17)}`,
    mac: `02:${[1, 2, 3, 4, 5].map(() => ctx.ids.hex(2)).join(':')}`,
    address: `10.0.${octet()}.${octet()}`,
    status: 'PRECREATED',
  };
}

export function newVolume(ctx: Context, configuration: JsonObject): TaskVolume {
  return {
    attachment: ctx.ids.uuid(),
    id: `vol-${ctx.ids.hex(17)}`,
    name: text(configuration, 'name') ?? '',
    roleArn: text(object(configuration, 'managedEBSVolume') ?? {}, 'roleArn') ?? '',
  };
}
