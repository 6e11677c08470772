import { Component, type ErrorInfo, type ReactNode } from "react";
import { useTexts } from "./Texts";
import { Button } from "./widgets/controls/Button";
import styles from "./ErrorBoundary.module.css";

interface ErrorBoundaryProps {
  children: ReactNode;
}

/** Keeps an error in one pane from breaking the whole page. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { message: string | null }> {
  override state: { message: string | null } = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: unknown, { componentStack }: ErrorInfo): void {
    console.error(error, componentStack);
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return <Broken message={message} onAgain={() => this.setState({ message: null })} />;
  }
}

function Broken({ message, onAgain }: { message: string; onAgain: () => void }) {
  const texts = useTexts().app;
  return (
    <div className={styles.broken} role="alert">
      <h2>{texts.brokenTitle}</h2>
      <p>{texts.brokenText}</p>
      <pre>{message}</pre>
      <Button onPress={onAgain}>{texts.brokenAgain}</Button>
    </div>
  );
}
