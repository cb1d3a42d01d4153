import { Link } from '@tanstack/react-router';
import { LostFrame, lostLanguage } from './lost-frame.tsx';
import { lostTexts } from './lost-texts.ts';

export function NotFound() {
  const { notFound, toStart } = lostTexts[lostLanguage()];
  return (
    <LostFrame title={notFound}>
      <p>
        <Link to="/">{toStart}</Link>
      </p>
    </LostFrame>
  );
}
