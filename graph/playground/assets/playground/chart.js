// The chart of an answer, drawn by Chart.js, which comes when it is first wanted.
import { axesOf, choose, seriesOf, textsOf } from './plot.js';
import { instant } from './values.js';

const { React } = window;
const { createElement: h, useEffect, useRef, useState } = React;

let loading;
function loadChart() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = new URL('../packages/chart.js/chart.umd.min.js', import.meta.url);
    script.onload = () => resolve(window.Chart);
    script.onerror = () => { loading = undefined; reject(new Error('The chart could not be loaded.')); };
    document.head.append(script);
  });
  return loading;
}

// Told apart by the colour-blind, too: Okabe and Ito's, made darker or lighter for the ground.
const colours = {
  light: ['#0b5d7a', '#c25700', '#00795a', '#a03c78', '#7a5c00', '#3456b4', '#8a1f11', '#55606b'],
  dark: ['#7cc7e3', '#ffab5e', '#5cd6ae', '#f09acb', '#f0e06a', '#a5b8ff', '#ff9d8f', '#b6c0ca'],
};

function themeOf(element) {
  const text = getComputedStyle(element).color;
  const [r, g, b] = text.match(/\d+/g).map(Number);
  const isDark = r + g + b > 380; // light text
  return { text, line: isDark ? '#38414b' : '#d3d9df', colours: colours[isDark ? 'dark' : 'light'] };
}

function configOf({ kind, y }, { overTime, labels, series }, theme, zone) {
  const day = (value) => instant(new Date(value).toISOString(), zone)?.slice(0, 16) ?? '';
  const style = { ticks: { color: theme.text, maxRotation: 60, autoSkip: true }, grid: { color: theme.line } };
  const x = overTime ? { ...style, type: 'linear', offset: kind === 'bar', ticks: { ...style.ticks, callback: (value) => day(value).slice(0, 10) }, afterBuildTicks: (axis) => { axis.ticks = ticksOf(series); } } : style;
  return {
    type: kind,
    data: {
      ...(!overTime && { labels }),
      datasets: series.map(({ label, points }, index) => ({
        label,
        data: points,
        borderColor: theme.colours[index % theme.colours.length],
        backgroundColor: theme.colours[index % theme.colours.length],
        borderWidth: 2,
        ...(overTime && kind === 'bar' && { barThickness: 12 }),
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: { x, y: { ...style, title: { display: y.length === 1, text: y[0].name, color: theme.text } } },
      plugins: {
        legend: { labels: { color: theme.text } },
        tooltip: { callbacks: { title: ([item]) => (overTime ? day(item.raw.x) : item.label), label: ({ dataset, raw }) => `${dataset.label}: ${raw.text}` } },
      },
    },
  };
}

// ticksOf are the times that have a point, or a dozen of them.
function ticksOf(series) {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const step = Math.ceil(times.length / 12);
  return times.filter((_, index) => index % step === 0).map((value) => ({ value }));
}

// Chart draws what choose() chose.
function Canvas({ chosen, data, zone }) {
  const canvas = useRef(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let [chart, gone] = [null, false];
    loadChart().then((Chart) => {
      if (!gone) chart = new Chart(canvas.current, configOf(chosen, data, themeOf(canvas.current), zone));
    }).catch(({ message }) => setProblem(message));
    return () => { gone = true; chart?.destroy(); };
  }, [chosen, data, zone]);
  const label = `${chosen.kind === 'line' ? 'Line' : 'Bar'} chart of ${chosen.y.map(({ name }) => name).join(', ')} by ${chosen.x.name}: ${data.series.map(({ label: name, points }) => `${name}, ${points.length} points`).join('; ')}. The table has the numbers.`;
  return h('div', { className: 'canvas' }, problem && h('p', { role: 'alert' }, problem),
    h('canvas', { ref: canvas, role: 'img', 'aria-label': label, 'data-kind': chosen.kind, 'data-points': data.series.reduce((sum, { points }) => sum + points.length, 0) }));
}

const Menu = ({ label, value, options, onChange }) => h('label', null, `${label} `,
  h('select', { value, onChange: ({ target }) => onChange(target.value) }, options.map(([each, text]) => h('option', { key: each, value: each }, text ?? each))));

// ChartView is the chart of a table's rows with its menus. wanted is what the user chose in them.
export function ChartView({ table, rows, wanted = {}, zone, change }) {
  const axes = React.useMemo(() => table && axesOf(table, rows), [table, rows]);
  const chosen = React.useMemo(() => axes && choose(axes, rows, wanted), [axes, wanted]);
  const data = React.useMemo(() => chosen && seriesOf(chosen), [chosen]);
  if (!axes) return h('p', { className: 'none' }, 'There is nothing to draw: a chart needs numbers, and a time or a category that differs from row to row. The menu Table may have another list.');
  const set = (name) => (value) => change({ ...wanted, [name]: value });
  const toggle = (name) => () => set('y')(chosen.y.some((each) => each.name === name) && chosen.y.length > 1 ? chosen.y.map((each) => each.name).filter((each) => each !== name) : [...chosen.y.map((each) => each.name), name]);
  return h(React.Fragment, null,
    h('div', { className: 'controls', role: 'group', 'aria-label': 'Chart' },
      h(Menu, { label: 'Kind', value: wanted.kind ?? '', options: [['', `Automatic (${chosen.kind === 'line' ? 'line' : 'bars'})`], ['line', 'Line'], ['bar', 'Bars']], onChange: set('kind') }),
      h(Menu, { label: 'Over', value: chosen.x.name, options: [...axes.times, ...axes.words].map(({ name }) => [name]), onChange: set('x') }),
      axes.unit && h(Menu, { label: 'Unit', value: chosen.unit, options: textsOf(axes.unit, rows).map((each) => [each]), onChange: set('unit') }),
      axes.words.length > 0 && h(Menu, { label: 'Split by', value: chosen.split?.name ?? '', options: [['', 'Nothing'], ...axes.words.map(({ name }) => [name])], onChange: set('split') }),
      h('fieldset', null, h('legend', null, 'Values'), axes.numbers.map(({ name }) => h('label', { key: name },
        h('input', { type: 'checkbox', checked: chosen.y.some((each) => each.name === name), onChange: toggle(name) }), ` ${name}`)))),
    h(Canvas, { chosen, data, zone }),
    data.left > 0 && h('p', { className: 'none' }, `${data.left} more rows are left out: the table has them.`));
}
