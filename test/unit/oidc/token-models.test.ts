import { expect, it } from 'vitest';
import { createTokenModels, TOKEN_MODELS_MAX } from '#gateway/oidc/storage/token-models.ts';

it('knows of a token that was found in one model that it is in no other', () => {
  const models = createTokenModels();
  expect(models.isOfAnother('RefreshToken', 'a')).toBe(false);
  models.note('AccessToken', 'a');
  expect(['AccessToken', 'ClientCredentials', 'RefreshToken'].map((model) => models.isOfAnother(model, 'a'))).toEqual([false, true, true]);
  expect(models.isOfAnother('RefreshToken', 'b')).toBe(false);
});

it('says nothing of what nobody asks about, such as the grant and the client of the request', () => {
  const models = createTokenModels();
  models.note('Grant', 'a');
  expect(models.isOfAnother('AccessToken', 'a')).toBe(false);
  models.note('AccessToken', 'b');
  expect([models.isOfAnother('Grant', 'b'), models.isOfAnother('Client', 'b')]).toEqual([false, false]);
});

it('remembers as many as its limit, and forgets the oldest for one more', () => {
  const models = createTokenModels();
  for (let index = 0; index < TOKEN_MODELS_MAX; index += 1) models.note('AccessToken', `t${String(index)}`);
  expect(models.isOfAnother('RefreshToken', 't0')).toBe(true);
  models.note('AccessToken', 't1');
  expect(models.isOfAnother('RefreshToken', 't0')).toBe(true);
  models.note('AccessToken', 'one-more');
  expect(['t0', 't1', 'one-more'].map((token) => models.isOfAnother('RefreshToken', token))).toEqual([false, true, true]);
});
