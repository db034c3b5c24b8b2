/** Names that the output takes for itself are not those of a schema. */
import { describe, expect, test } from 'vitest';
import { Names, parameterName } from '../../../../generator/src/emit/context/names.js';
import { programOf } from '../../../support/programs.js';

const MEMBERS =
  'constructor has_own_property is_prototype_of property_is_enumerable then to_bytes to_locale_string to_string value_of verify_checksum write_to';
const PARAMETERS = 'bytes init io memory options parent root source stream value await class this';

describe('members', () => {
  test.each(MEMBERS.split(' '))('%s → with an underscore, in any role', (id) => {
    for (const body of [
      `seq: [{id: ${id}, type: u1}]`,
      `params: [{id: ${id}, type: u1}]`,
      `instances: {${id}: {value: 1}}`,
    ]) {
      const program = programOf(body);
      const [spec] = program.classes;
      if (spec === undefined) throw new Error('no class');
      expect(new Names(program).member(spec, id), body).toMatch(/^[a-zA-Z]+_$/);
    }
  });

  test('what is called alike in camel case → told apart, in order', () => {
    const program = programOf('seq: [{id: foo_1, type: u1}, {id: foo1, type: u1}]');
    const [spec] = program.classes;
    if (spec === undefined) throw new Error('no class');
    const names = new Names(program);
    expect(['foo_1', 'foo1'].map((id) => names.member(spec, id))).toEqual(['foo1', 'foo1_']);
  });
});

describe('parameters', () => {
  test.each(PARAMETERS.split(' '))('%s → with an underscore', (id) => {
    expect(parameterName(id)).toBe(`${id}_`);
  });

  test('any other name → as it is', () => {
    expect(parameterName('length')).toBe('length');
  });
});
