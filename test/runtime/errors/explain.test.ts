import { describe, expect, test } from 'vitest';
import { checkedRules, CODES, explainCode, explainRule, nearestNames, RULES } from '../../../runtime/rules.js';

describe('explainCode', () => {
  test('a finding whose severity depends → the usual one, and when it is another', () => {
    const { rule, group, severity, when, reportedBy } = explainCode('VHDX_HEADER_CHECKSUM_MISMATCH');
    expect({ rule, group, severity }).toEqual({ rule: 'B2', group: 'headers', severity: 'refuse-write' });
    expect(when).toEqual({ error: 'neither header is valid' });
    expect(reportedBy).toContain('schemas/vhdx_header');
  });

  test('a code whose rule has several → the others are related', () => {
    expect(explainCode('VHDX_REGION_TABLE_SIGNATURE_MISMATCH').related).toContain(
      'VHDX_REGION_TABLE_CHECKSUM_MISMATCH',
    );
  });

  test('an error that is no finding → no rule, but advice', () => {
    const { rule, group, remedy } = explainCode('VHDX_TARGET_FULL');
    expect({ rule, group }).toEqual({ rule: '', group: 'targets' });
    expect(remedy).toBe('Free some space and run the command again.');
  });
});

describe('explainRule', () => {
  test.each([
    ['B2', ['VHDX_HEADER_CHECKSUM_MISMATCH']],
    ['C1', ['VHDX_REGION_TABLE_SIGNATURE_MISMATCH', 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH']],
    // Reported under a more specific rule.
    ['J4', ['VHDX_PARENT_SECTOR_SIZE_MISMATCH', 'VHDX_PARENT_LINKAGE_MISMATCH']],
    ['WSL1', ['VHDX_WSL_HOST_FILE_SPARSE']],
  ])('%s → its codes', (rule, codes) => {
    expect(explainRule(rule)?.codes).toEqual(codes);
  });

  test('a rule that no check reports → why', () => {
    expect(explainRule('B24')).toMatchObject({ codes: [], unreported: { bound: 'writer' } });
  });

  test.each(['', 'B', 'B0', 'B25', 'Z1', '1', 'constructor', 'B2 '])('%j → no rule', (name) => {
    expect(explainRule(name)).toBeUndefined();
  });
});

describe('nearestNames', () => {
  test.each([
    ['VHDX_HEADER_CHEKSUM_MISMATCH', 'VHDX_HEADER_CHECKSUM_MISMATCH'],
    ['log_pendign', 'VHDX_LOG_PENDING'],
    ['HEADER_CHEKSUM', 'VHDX_HEADER_CHECKSUM_MISMATCH'],
    ['pending log', 'VHDX_LOG_PENDING'],
    ['BLOCK_OVERLAP', 'VHDX_BAT_BLOCK_OVERLAP'],
  ])('%s → %s first', (text, code) => {
    expect(nearestNames(text)[0]).toBe(code);
  });

  test('a rule that its group has not → the rules next to it', () => {
    expect(nearestNames('b25')).toEqual(['B24', 'B23', 'B22']);
  });

  test.each(['', 'foo', 'x'.repeat(1 << 24), '__proto__', '日本'])('nothing like a code → nothing', (text) => {
    expect(nearestNames(text)).toEqual([]);
  });
});

describe('checkedRules', () => {
  const names = (scope: Parameters<typeof checkedRules>[0]): readonly string[] =>
    checkedRules(scope).map(({ rule }) => rule);

  test('all rules → once each, every code of an image in one of them', () => {
    expect(new Set(RULES.map(({ rule }) => rule)).size).toBe(RULES.length);
    expect(RULES.flatMap(({ codes }) => codes).toSorted()).toEqual(
      CODES.filter((code) => explainCode(code).rule !== '').toSorted(),
    );
    const letters = RULES.map(({ rule }) => rule.replace(/\d+$/, ''));
    expect([...new Set(letters)].join(' ')).toBe('A B C D E F G H I J HV AZ WSL');
  });

  test('the specification alone → no rule of a host, none that needs parents', () => {
    const without = names({ profiles: ['spec'], chain: false });
    expect(without.filter((rule) => /^(?:HV|AZ|WSL)/.test(rule))).toEqual([]);
    // H9 has a part that needs no parents.
    expect(without).toContain('H9');
    const withParents = names({ profiles: ['spec'], chain: true });
    expect(withParents.filter((rule) => !without.includes(rule))).toEqual(['G15', 'G16', 'G17', 'H13', 'H15', 'J5']);
  });

  test('wsl → its own rules, and those of the driver that it shares with Hyper-V', () => {
    const wsl = names({ profiles: ['wsl'], chain: false });
    expect(wsl.filter((rule) => /^(?:HV|AZ|WSL)/.test(rule))).toEqual(['HV2', 'WSL1']);
  });
});
