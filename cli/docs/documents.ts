import { ConfigurationError } from '../../shared/config/faults.ts';
import { configurationJsonSchema } from '../../shared/config/json-schema.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { auditReference } from './audit.ts';
import { commandReference } from './commands.ts';
import { diagnosisReference } from './diagnosis.ts';
import { indexForModels } from './pages.ts';
import { configurationReference } from './reference.ts';
import { FAULTY_EXAMPLE } from './sections.ts';

/** Every file that is generated from the code, by its path in the repository. */
export function documents(): Readonly<Record<string, string>> {
  const schema = configurationJsonSchema();
  return {
    'llms.txt': indexForModels(),
    'fairway.schema.json': `${JSON.stringify(schema, null, 1)}\n`,
    'docs/audit.md': auditReference(),
    'docs/commands.md': commandReference(),
    'docs/diagnosis.md': diagnosisReference(),
    'docs/configuration.md': configurationReference(schema, faultsOf(FAULTY_EXAMPLE)),
  };
}

function faultsOf(text: string): string {
  try {
    compileConfiguration(text, 'fairway.yml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('failed to show faults: the faulty example has none, change one of its texts');
}
