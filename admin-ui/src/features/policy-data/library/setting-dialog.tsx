import { useState } from 'react';
import type { LibrarySetting, PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { CheckField } from '../../../shared/ui/check-field.tsx';
import { Notice } from '../../../shared/ui/states.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { ChoiceList } from '../choice-list.tsx';
import { ItemDialog } from '../item-dialog.tsx';
import { integerError, parameterFields, type ParameterField } from './parameter-fields.ts';
import { ListInput, ParameterInput } from './parameter-form.tsx';
import { NOWHERE, placeChoices, placesOf, withPlaces } from './places.ts';
import type { NamedSetting, ReadyPolicy } from './ready-policy.ts';

type Where = LibrarySetting['where'];

interface SettingDialogProps {
  readonly data: PolicyDataView;
  readonly policy: ReadyPolicy;
  readonly named?: NamedSetting;
  readonly onClose: () => void;
}

/** Where a ready policy holds, for whom, and with which figures. */
export function SettingDialog({ data, policy, named, onClose }: SettingDialogProps) {
  const [baseVersion] = useState(data.version);
  const { fields, unknown } = parameterFields(policy.parameters);
  const [enabled, setEnabled] = useState(named?.setting.enabled ?? true);
  const [where, setWhere] = useState<Where>(named?.setting.where ?? NOWHERE);
  const [parameters, setParameters] = useState<Readonly<Record<string, unknown>>>(
    () => named?.setting.parameters ?? Object.fromEntries(fields.map(({ name, initial }) => [name, initial])),
  );
  const id = named?.id ?? freeId(policy.id, data);
  return (
    <ItemDialog
      title={policy.title}
      baseVersion={baseVersion}
      texts={textsOf(fields)}
      change={() => ({ part: 'library', id, value: { policy: policy.id, enabled, where, parameters } })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <p>{policy.description}</p>
          <CheckField isFirst checked={enabled} onChange={setEnabled}>
            Switched on
          </CheckField>
          <WhereFields data={data} policy={policy} where={where} errors={errors} onChange={setWhere} />
          {fields.map((field) => (
            <ParameterInput
              key={field.name}
              data={data}
              field={field}
              value={parameters[field.name]}
              errors={errors}
              onChange={(value) => setParameters({ ...parameters, [field.name]: value })}
            />
          ))}
          {unknown.length > 0 && <Notice tone="warn">This console does not know how to ask for {unknown.join(', ')}.</Notice>}
        </>
      )}
    </ItemDialog>
  );
}

interface WhereFieldsProps {
  readonly data: PolicyDataView;
  readonly policy: ReadyPolicy;
  readonly where: Where;
  readonly errors: FieldErrors;
  readonly onChange: (where: Where) => void;
}

function WhereFields({ data, policy, where, errors, onChange }: WhereFieldsProps) {
  return (
    <>
      <CheckField checked={where.everywhere} onChange={(everywhere) => onChange({ ...where, everywhere })}>
        Everywhere
      </CheckField>
      {!where.everywhere && (
        <ChoiceList
          legend="Where it holds"
          choices={placeChoices(data, policy.kinds)}
          chosen={placesOf(where)}
          error={errorIn(errors, 'where')}
          onChange={(places) => onChange(withPlaces(where, places))}
        />
      )}
      <ListInput
        label="Only for members of these groups"
        hint="Empty: for everybody."
        error={errorIn(errors, 'where.groups')}
        value={where.groups}
        onChange={(groups) => onChange({ ...where, groups: [...groups] })}
      />
    </>
  );
}

function textsOf(fields: readonly ParameterField[]): FieldErrors {
  const texts: Record<string, string> = {};
  for (const field of fields) {
    if (field.kind === 'integer') texts[`parameters.${field.name}`] = integerError(field);
    if (field.name === 'schedule') texts['parameters.schedule'] = 'Choose a schedule.';
    if (field.name === 'groups') texts['parameters.groups'] = 'Name at least one group.';
    if (field.name === 'countries') texts['parameters.countries'] = 'Give country codes of two capital letters, such as DE.';
  }
  return texts;
}

function freeId(policy: string, data: PolicyDataView): string {
  let id = policy;
  for (let number = 2; id in data.parts.library; number += 1) id = `${policy}-${String(number)}`;
  return id;
}
