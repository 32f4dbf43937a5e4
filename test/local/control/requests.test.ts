import {
  alarmRequest,
  disputedRequest,
  hookRule,
  parseClock,
  parseFault,
  parseRequest,
} from '../../../local/control/requests.ts';
import { USUAL } from '../../../local/ecs/disputed.ts';

const KNOWN = {
  operations: new Set(['RunTask']),
  callers: new Set(['external']),
  events: new Set(['ECS Deployment State Change', 'x']),
};

describe('requests to the control endpoints', () => {
  it('accept everything that is disputed', () => {
    expect(parseRequest(disputedRequest, USUAL)).toEqual(USUAL);
  });

  it.each([
    [{ operation: 'RunTask', failure: 'RESOURCE:FARGATE', times: 1 }],
    [{ event: 'ECS Deployment State Change', do: 'drop', times: 100 }],
  ])('accept faults of calls and of events: %j', (fault) => {
    expect(parseFault(fault, KNOWN)).toEqual(fault);
  });

  it.each([
    [{ operation: 'RunTask', times: 1 }, 'expected one of error, status, failure, latency, crash'],
    [{ operation: 'RunTask', failur: 'x', times: 1 }, '"failur"'],
    [{ operation: 'RunTask', error: 'x' }, 'at times'],
    [{ event: 'x', do: 'dropp', times: 1 }, 'at do'],
    [{ event: 'x', do: 'drop', times: 1, error: 'y' }, '"error"'],
    ['text', 'expected object'],
  ])('show what is wrong with the fault %j', (fault, words) => {
    expect(() => parseFault(fault, KNOWN)).toThrow(words);
  });

  it.each([
    [{ speed: 0 }, 'at speed'],
    [{ speed: 'fast' }, 'expected "max" or a number from 1 to'],
    [{ advance: '10 minutes' }, 'expected a duration'],
    [{ advance: '10m', sped: 1 }, '"sped"'],
  ])('show what is wrong with the request for the clock: %j', (body, words) => {
    expect(() => parseClock(body)).toThrow(words);
  });

  it.each([
    [alarmRequest, { name: 'web-5xx', state: 'RED' }, 'at state'],
    [hookRule, { stage: 'SCALE_DOWN', answer: 'FAILED' }, 'at stage'],
    [disputedRequest, { resetWeights: 'sometimes' }, 'at resetWeights'],
    [disputedRequest, { weights: 'shown' }, '"weights"'],
  ])('show what is wrong with what is asked of deployments: %#', (schema, body, words) => {
    expect(() => parseRequest(schema, body)).toThrow(words);
  });
});
