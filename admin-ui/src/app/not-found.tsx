import { Link } from '@tanstack/react-router';
import { DoorFrame } from '../shared/ui/door-frame.tsx';

export function NotFound() {
  return (
    <DoorFrame title="There is no such page">
      <p>
        <Link to="/">Go to the start</Link>
      </p>
    </DoorFrame>
  );
}
