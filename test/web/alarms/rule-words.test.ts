import { describe, expect, it } from 'vitest'
import type { AlarmRuleInput, Channel } from '../../../src/api/contract.ts'
import { channelInput as channelSchema } from '../../../src/api/schemas/alarms.ts'
import { channelDraft, channelInput, problemsOfChannel } from '../../../web/alarms/channel-draft.ts'
import { conditionWords, readSeconds, ruleId, secondsWords, shownNumber } from '../../../web/alarms/rule-words.ts'

const rule = (change: Partial<AlarmRuleInput>): AlarmRuleInput => ({
  title: 'x',
  jobs: [],
  subject: 'lagSeconds',
  condition: { is: 'above', value: 300 },
  forSeconds: 120,
  severity: 'warning',
  notify: [],
  enabled: true,
  ...change
})

describe('a rule in words', () => {
  it.each<[Partial<AlarmRuleInput>, string]>([
    [{}, 'Lag in time above 300 s for 2 m'],
    [{ forSeconds: 0 }, 'Lag in time above 300 s'],
    [
      { subject: 'state', condition: { is: 'one of', states: ['FAILED', 'AUTH_FAILED'] }, forSeconds: 90 },
      'State is failed or auth failed for 90 s'
    ],
    [
      { subject: 'backPressure', condition: { is: 'above', value: 0.9 } },
      'Back pressure of the target above 90 % for 2 m'
    ],
    [
      { subject: 'bytesPerSecond', condition: { is: 'below', value: 5 * 2 ** 20 } },
      'Throughput in bytes below 5 MiB/s for 2 m'
    ]
  ])('%j', (change, words) => expect(conditionWords(rule(change))).toBe(words))

  it('shows a share without the dust of binary fractions', () => {
    expect(shownNumber(0.57, 0.01)).toBe('57')
    expect(shownNumber(57 * 0.01, 0.01)).toBe('57')
  })

  it.each([
    ['90', 90],
    ['2m', 120],
    ['1h 30m', 5400],
    ['0 s', 0],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined]
  ])('reads %j as %s seconds', (text, seconds) => expect(readSeconds(text)).toBe(seconds))

  it('writes durations so that they are read again', () => {
    for (const seconds of [0, 1, 59, 60, 90, 3600, 5400, 86_400]) {
      expect(readSeconds(secondsWords(seconds))).toBe(seconds)
    }
  })

  it('gets an id that no other has', () => {
    expect(ruleId('Five minutes behind!', [])).toBe('five-minutes-behind')
    expect(ruleId('Five minutes behind!', ['five-minutes-behind'])).toBe('five-minutes-behind-2')
    expect(ruleId('…', ['rule'])).toBe('rule-2')
  })
})

describe('the form of a channel', () => {
  const mail: Channel = {
    name: 'team',
    revision: 2,
    kind: 'email',
    host: 'smtp.example',
    port: 587,
    tls: 'starttls',
    username: 'millrace',
    password: { fingerprint: '12345678', reference: null, changedAt: 1 },
    from: 'a@b',
    to: ['c@d']
  }

  it('gives back what was stored, and keeps its secret', () => {
    const input = channelInput(channelDraft(mail))
    expect(input).toEqual({
      kind: 'email',
      host: 'smtp.example',
      port: 587,
      tls: 'starttls',
      username: 'millrace',
      password: { keep: true },
      from: 'a@b',
      to: ['c@d']
    })
    expect(channelSchema.safeParse(input).success).toBe(true)
    expect(problemsOfChannel(channelDraft(mail))).toEqual({})
  })

  it('sends no password where nobody logs in', () => {
    expect(channelInput({ ...channelDraft(mail), username: '' })).not.toHaveProperty('password')
  })

  it('says what is wrong', () => {
    expect(Object.keys(problemsOfChannel(channelDraft(undefined)))).toEqual(['name', 'url'])
    const empty = { ...channelDraft(mail), host: '', port: '0', from: 'x', to: [] }
    expect(Object.keys(problemsOfChannel(empty))).toEqual(['host', 'port', 'from', 'to'])
    expect(problemsOfChannel({ ...channelDraft(mail), to: ['a@b', 'x'] }).to).toContain('x is no')
  })
})
