import styles from './skip-link.module.css';

/** For whoever goes by keyboard: past the navigation, to the page's own content. */
export function SkipLink({ text }: { text: string }) {
  return (
    <a
      href="#main"
      className={styles.skip}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}
    >
      {text}
    </a>
  );
}
