// What GraphiQL lacks for those who use a keyboard or a screen reader.

const { React, GraphiQL } = window;
const { useEffect } = React;
const { useEditorContext, useExecutionContext } = GraphiQL.React;

// Access names the editors, frees the Tab key, which they would keep, runs with Ctrl-Enter from
// anywhere, and keeps the active tab in sight.
export function Access() {
  const { queryEditor, variableEditor, headerEditor, responseEditor, tabs, activeTabIndex } = useEditorContext();
  const { run } = useExecutionContext();
  useEffect(() => {
    const names = new Map([[queryEditor, 'Query'], [variableEditor, 'Variables'], [headerEditor, 'Headers'], [responseEditor, 'Answer']]);
    for (const [editor, name] of names) {
      editor?.addKeyMap({ Tab: false, 'Shift-Tab': false });
      editor?.getInputField().setAttribute('aria-label', name);
      if (editor) scrolls(editor.getScrollerElement(), name);
    }
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);
  useEffect(() => {
    const press = (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [run]);
  useEffect(ownTabs, [tabs, activeTabIndex]);
  useEffect(() => {
    const panel = document.querySelector('.graphiql-plugin');
    const observer = new MutationObserver(() => nameAll(panel));
    observer.observe(panel, { childList: true, subtree: true });
    nameAll(panel);
    return () => observer.disconnect();
  }, []);
  const id = tabs[activeTabIndex].id;
  useEffect(() => {
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [id, tabs.length, tabs[activeTabIndex].title]);
  return null;
}

// nameAll names what the panels leave without a name, or give another than is seen: arguments in the
// explorer, and operations in the history.
function nameAll(panel) {
  for (const input of panel.querySelectorAll('input:not([aria-label]), select:not([aria-label])')) {
    if (input.labels.length > 0) continue;
    const other = input.tagName === 'SELECT' ? 'Kind of operation' : 'Value';
    input.setAttribute('aria-label', input.closest('[data-arg-name]')?.dataset.argName || other);
  }
  for (const button of panel.querySelectorAll('.graphiql-history-item-label[aria-label]')) button.removeAttribute('aria-label');
}

// scrolls has the text of an editor scroll by keyboard.
function scrolls(element, name) {
  element.tabIndex = 0;
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', `${name}, to scroll`);
}

// ownTabs makes a tab of the button that GraphiQL has in each of its tabs, for a tab may have
// nothing in it, and has them be those of a list without the buttons that close them.
function ownTabs() {
  const header = document.querySelector('.graphiql-session-header');
  let list = header.querySelector('.tab-list');
  if (!list) {
    list = Object.assign(document.createElement('div'), { className: 'tab-list', role: 'tablist' });
    list.setAttribute('aria-label', 'Tabs');
    header.prepend(list);
  }
  header.querySelector('.graphiql-tabs').setAttribute('role', 'presentation');
  header.querySelector('.graphiql-tabs').removeAttribute('aria-label');
  const buttons = [...header.querySelectorAll('.graphiql-tab-button')];
  for (const button of buttons) {
    const item = button.closest('.graphiql-tab');
    item.setAttribute('role', 'presentation');
    item.removeAttribute('aria-selected');
    button.setAttribute('role', 'tab');
    button.setAttribute('aria-selected', item.classList.contains('graphiql-tab-active'));
  }
  list.setAttribute('aria-owns', buttons.map(({ id }) => id).join(' '));
}
