// The playground as a React component: what it is given are the element's properties and events.
import useIsBrowser from '@docusaurus/useIsBrowser';
// On the server this does nothing; in the browser it defines the element.
import 'replication-playground/inline';

/**
 * React passes properties and listeners to a custom element that it makes, but not to one that it finds in the
 * server's HTML. So the server's page has the words only, and the element comes when the page is alive.
 */
export default function Playground({ children, ...properties }) {
  if (!useIsBrowser()) return <div>{children}</div>;
  return <replication-playground {...properties}>{children}</replication-playground>;
}
