import styles from "./Logo.module.css";

/** The logo: a small weight matrix, below and above zero. */
export function Logo() {
  return (
    <a className={styles.logo} href="./" aria-label="Weightroom">
      <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
        <rect className={styles.negative} x="1" y="1" width="9" height="9" rx="2" />
        <rect className={styles.zero} x="12" y="1" width="9" height="9" rx="2" />
        <rect className={styles.zero} x="1" y="12" width="9" height="9" rx="2" />
        <rect className={styles.positive} x="12" y="12" width="9" height="9" rx="2" />
      </svg>
    </a>
  );
}
