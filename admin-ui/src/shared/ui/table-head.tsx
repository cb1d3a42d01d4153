import table from './table.module.css';

interface TableHeadProps {
  readonly columns: readonly string[];
  /** After them, and only where there is room. */
  readonly wide?: readonly string[];
  /** A last column holds what can be done with a row: it has a name for whoever does not see it. */
  readonly hasActions?: boolean;
}

export function TableHead({ columns, wide = [], hasActions = false }: TableHeadProps) {
  return (
    <thead>
      <tr>
        {columns.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        {wide.map((name) => (
          <th key={name} scope="col" className={table.wide}>
            {name}
          </th>
        ))}
        {hasActions && (
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
