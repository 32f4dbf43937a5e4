import type { JsonObject } from '../contract.ts';
import type { Context, TaskNetwork, TaskVolume } from './model.ts';
import { object, text, texts } from './read.ts';

/** The attachments of a task: its network interface and its volumes. */

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

/** ECS spreads tasks over the subnets: here each subnet is in another zone, as far as there are zones. */
export function newNetwork(ctx: Context, configuration: JsonObject, position: number): TaskNetwork {
  const subnets = texts(configuration, 'subnets');
  const index = position % Math.max(1, subnets.length);
  const zone = ZONES[index % ZONES.length];
  const octet = () => Math.floor(ctx.ids.random() * 254) + 1;
  return {
    attachment: ctx.ids.uuid(),
    subnet: subnets[index] ?? 'subnet-0',
    ...(zone === undefined ? {} : { zone }),
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
