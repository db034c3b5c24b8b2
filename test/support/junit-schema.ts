/** The schema of JUnit reports that Jenkins' xUnit plugin has. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validateXML } from 'xmllint-wasm';

const schema = readFileSync(fileURLToPath(new URL('../fixtures/schemas/junit-10.xsd', import.meta.url)), 'utf8');

/** What is wrong with a report, by libxml2; empty if nothing is. */
export async function junitFaults(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema });
  return errors.map(({ rawMessage }) => rawMessage);
}
