/** Calm by day and by night, on paper and on a phone. No colour says alone what a word or a sign does not say too. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --sunk: #f7f8fa; --ink: #1d2530; --soft: #5a6675; --line: #dfe3e9; --link: #1f58a8;
  --ok: #1e7a4c; --changed: #8f5b00; --failed: #b3261e; --skipped: #667282;
  --ok-bar: #5fb98a; --changed-bar: #e0a63a; --failed-bar: #d9534a; --span: #e9ecf1;
  --failed-wash: #fdf1f0; --warn-wash: #fdf6e6; --ok-wash: #eaf6ef;
  --added: #e5f5eb; --removed: #fdebe9; --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #11151a; --card: #181d24; --sunk: #13181e; --ink: #dfe5ec; --soft: #98a4b3; --line: #2a323c; --link: #8db8f2;
    --ok: #6fce9b; --changed: #e5b558; --failed: #ff8d84; --skipped: #8d99a8;
    --ok-bar: #3d8f66; --changed-bar: #b98526; --failed-bar: #c9483f; --span: #222932;
    --failed-wash: #2a1a1b; --warn-wash: #282213; --ok-wash: #14261d;
    --added: #15301f; --removed: #3a1d1d;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1, h2, h3, h4, p, dl, dd, ol, ul { margin: 0; padding: 0; }
h1 { font-size: 1.7rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; font-weight: 650; margin: 2.2rem 0 .7rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; font-weight: 650; overflow-wrap: anywhere; }
h4 { font-size: .85rem; font-weight: 650; margin: .2rem 0 .4rem; }
small { font-size: .82em; color: var(--soft); font-weight: 400; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre { font-family: var(--mono); font-size: .85em; }
code { overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.45; }
.kind { color: var(--soft); font-size: .85rem; margin-bottom: .15rem; }
.badge { font-size: .8rem; font-weight: 600; letter-spacing: 0; padding: .12rem .6rem; border-radius: 1rem; border: 1px solid currentColor; white-space: nowrap; }
.badge.good { color: var(--ok); background: var(--ok-wash); } .badge.bad { color: var(--failed); background: var(--failed-wash); } .badge.warn { color: var(--changed); background: var(--warn-wash); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .7rem 1.5rem; margin-top: 1.1rem; }
.facts dt { font-size: .78rem; color: var(--soft); } .facts dd { overflow-wrap: anywhere; }
.stopped { margin-top: .7rem; color: var(--soft); overflow-wrap: anywhere; } .stopped b { color: var(--ink); } .seam { margin: 2rem 0 0; padding-top: .6rem; border-top: 2px dashed var(--line); color: var(--soft); } .seam b { color: var(--ink); }
.error { background: var(--failed-wash); border: 1px solid var(--line); border-left: 3px solid var(--failed-bar); border-radius: 6px; padding: .8rem 1rem; margin: .6rem 0; }
.error .where { font-size: .82rem; color: var(--soft); overflow-wrap: anywhere; } .error .message { font-weight: 600; overflow-wrap: anywhere; white-space: pre-line; }
.error dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem .9rem; margin-top: .5rem; } .error dt { color: var(--soft); font-size: .82rem; } .error dd { min-width: 0; }
.error .remedy { margin-top: .6rem; overflow-wrap: anywhere; white-space: pre-line; } .error .remedy b { color: var(--failed); margin-right: .4rem; }
.messages { list-style: none; } .messages li { display: flex; gap: .7rem; padding: .5rem .8rem; margin: .4rem 0; border-radius: 6px; background: var(--card); border: 1px solid var(--line); overflow-wrap: anywhere; }
.messages .warning { background: var(--warn-wash); } .messages .mark { font-weight: 700; color: var(--changed); flex: none; width: .8rem; text-align: center; } .messages .note .mark { color: var(--link); }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .42rem .9rem; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child { text-align: left; } .handlers th, .handlers td, .egress th, .egress td { text-align: left; } thead th { font-size: .78rem; font-weight: 500; color: var(--soft); } tbody tr { border-top: 1px solid var(--line); } tbody th { font-weight: 600; }
td.none { color: var(--soft); opacity: .6; } td.ok, b.ok { color: var(--ok); } td.changed { color: var(--changed); font-weight: 600; } td.failed, b.failed { color: var(--failed); font-weight: 600; } td.skipped { color: var(--skipped); }
.time { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; font-size: .82rem; }
.timeline { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .9rem .8rem; }
.lane { display: grid; grid-template-columns: 7rem minmax(0, 1fr) 5.2rem; gap: .7rem; align-items: center; }
.lane .host { font-size: .82rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .lane .time { text-align: right; }
.row { padding: .35rem 0 .3rem; border-top: 1px solid var(--line); } .row p { font-size: .9rem; } .row b { font-weight: 600; }
.track { position: relative; display: block; height: 1.15rem; background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px var(--step)); }
.track i { position: absolute; top: .22rem; bottom: .22rem; min-width: 2px; border-radius: 2px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.track .span { background: var(--span); top: .08rem; bottom: .08rem; } .track .ok { background: var(--ok-bar); } .track .changed { background: var(--changed-bar); } .track .failed { background: var(--failed-bar); } .track .skipped, .track .connect { background: var(--skipped); } .track .unfinished, .track .interrupted { background: repeating-linear-gradient(-45deg, var(--failed-bar) 0 4px, transparent 4px 8px); border: 1px solid var(--failed-bar); }
.track a i:hover { filter: brightness(.85); } .track a i { box-shadow: inset -1px 0 var(--card); }
.longest { list-style: none; margin: .8rem .2rem 0; font-size: .88rem; } .longest li { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); column-gap: .9rem; padding: .12rem 0; overflow-wrap: anywhere; } .longest .time { text-align: right; } 
.axis .track { background: none; } .axis .track i { font: .75rem/1.15rem system-ui, sans-serif; color: var(--soft); top: 0; transform: translateX(-50%); white-space: nowrap; } .axis .track i:first-child { transform: none; }
.filter { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem .9rem; align-items: center; margin: 2.2rem -.6rem 0; padding: .55rem .6rem; background: var(--page); border-bottom: 1px solid var(--line); font-size: .85rem; color: var(--soft); }
select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 5px; padding: .2rem .5rem; } button { cursor: pointer; } :focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.play > h2 { margin-top: 1.4rem; } .role { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem .7rem; margin: .8rem 0; scroll-margin-top: 4rem; } .summary { color: var(--soft); font-size: .88rem; }
.tasks { list-style: none; margin-top: .5rem; } .task { border-top: 1px solid var(--line); scroll-margin-top: 4rem; } .task:target { background: var(--sunk); box-shadow: 0 0 0 .4rem var(--sunk); }
.line { display: grid; grid-template-columns: 1.1rem minmax(0, 1fr) auto; gap: .1rem .6rem; align-items: baseline; padding: .4rem 0; } summary { cursor: pointer; list-style: none; } summary::-webkit-details-marker { display: none; }
.line .name { overflow-wrap: anywhere; } summary.line .name::after { content: '\\a0▸'; color: var(--soft); font-size: .75em; } details[open] > summary.line .name::after { content: '\\a0▾'; }
.mark { font-weight: 700; text-align: center; } .mark.ok { color: var(--ok); } .mark.changed { color: var(--changed); } .mark.failed, .mark.unfinished, .mark.interrupted { color: var(--failed); } .mark.skipped { color: var(--skipped); }
.what { color: var(--soft); font-size: .88em; } .what::before { content: '· '; }
.on { display: flex; flex-wrap: wrap; gap: .1rem .9rem; justify-content: flex-end; max-width: 24rem; }
.on.columns { display: grid; max-width: none; grid-template-columns: repeat(var(--hosts), 10.5rem); }
.on.dots { gap: .25rem; align-items: center; } .dots > small { margin-right: .4rem; } .dots .chip { width: .7rem; height: .7rem; border-radius: 50%; font-size: 0; background: currentColor; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.chip { font-size: .8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--ok); } .chip b { font-weight: 500; color: var(--ink); } .chip.changed { color: var(--changed); } .chip.failed, .chip.unfinished, .chip.interrupted { color: var(--failed); } .chip.skipped { color: var(--skipped); } .chip small { font-variant-numeric: tabular-nums; }
.entry { padding: 0 0 .7rem 1.7rem; } .entry .error { margin-top: 0; } .changes { list-style: none; margin-bottom: .5rem; font-size: .9rem; } .changes li::before { content: '~ '; color: var(--changed); font-weight: 700; }
.diff { background: var(--sunk); border: 1px solid var(--line); border-radius: 6px; margin: .3rem 0 .5rem; padding: .3rem 0; } .diff span { display: block; padding: 0 .8rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; } .diff .added { background: var(--added); } .diff .removed { background: var(--removed); } .diff .hunk { color: var(--link); } .diff .file { color: var(--soft); }
.command { font-size: .88rem; padding: .12rem 0; } .command summary code::before, .fold summary::before, .reads > summary::before { content: '▸ '; color: var(--soft); font-size: .8em; } .command[open] summary code::before, .fold[open] > summary::before, .reads[open] > summary::before { content: '▾ '; } .command .host { color: var(--soft); } .exit { font-size: .8rem; color: var(--soft); margin-left: .3rem; } .exit.nonzero { color: var(--failed); font-weight: 600; } .command .time { margin-left: .3rem; }
.output, .script { background: var(--sunk); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .8rem; margin: .3rem 0; max-height: 32rem; overflow: auto; } .stderr { border-left: 3px solid var(--changed-bar); } .stderr::before { content: attr(data-name); display: block; color: var(--soft); font-size: .85em; }
.reads { border-top: 1px solid var(--line); padding-top: .4rem; font-size: .88rem; color: var(--soft); } .reads > div { padding-left: 1.7rem; color: var(--ink); } .fold summary { font-size: .88rem; }
footer { margin-top: 2.5rem; color: var(--soft); font-size: .82rem; text-align: center; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .facts { grid-template-columns: 1fr 1fr; gap: .6rem 1rem; }
  main { padding: 1.2rem .8rem 2rem; } h1 { font-size: 1.35rem; } .lane { grid-template-columns: 4.5rem minmax(0, 1fr) 4.2rem; gap: .4rem; } .line { grid-template-columns: 1.1rem minmax(0, 1fr); } .on, .on.columns { display: flex; grid-column: 2; justify-content: flex-start; max-width: none; } .entry { padding-left: 0; } .reads > div { padding-left: 0; } .role { padding: .7rem .7rem .5rem; } .filter { position: static; } th, td { padding: .4rem; }
}
@media print {
  :root { color-scheme: light; } body { background: #fff; font-size: 10pt; } main { max-width: none; padding: 0; } .filter { display: none; } .role, .wide, .timeline { border-color: #ccc; } .line, .row, .error, .lane, tr { break-inside: avoid; } h2, h3, h4, .summary { break-after: avoid; } .output, .script { max-height: none; overflow: visible; }
}
`
