// npm install && npm run build. Writes src/huiyin/web/static/vendor and tests/browser/vendor.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'
import postcss from 'postcss'
import selectors from 'postcss-selector-parser'
import { dropped, kept } from './css-families.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const out = join(root, 'src/huiyin/web/static/vendor')
const axe = join(root, 'tests/browser/vendor')
const modules = join(here, 'node_modules')
const version = (name) => JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version
for (const folder of [out, axe]) mkdirSync(folder, { recursive: true })

const wanted = (name) => kept.some((one) => one.test(name)) && !dropped.some((one) => one.test(name))

function shrink (css) {
  const sheet = postcss.parse(css)
  sheet.walkComments((comment) => comment.remove())
  sheet.walkRules((rule) => {
    if (rule.parent.type === 'atrule' && /keyframes/.test(rule.parent.name)) return
    const left = rule.selectors.filter((one) => {
      let good = !/data-bs-theme=dark|\[dir=rtl\]|:-moz|::-ms/.test(one)
      selectors((tree) => tree.walkClasses((found) => { good &&= wanted(found.value) })).processSync(one)
      return good
    })
    if (left.length) rule.selectors = left
    else rule.remove()
  })
  sheet.walkAtRules('font-face', (rule) => rule.remove())
  for (let again = true; again;) again = sweep(sheet)
  return sheet.toString()
}

// Custom properties that nothing reads, key frames that nothing plays, rules that became empty.
function sweep (sheet) {
  const text = sheet.toString()
  const read = new Set([...text.matchAll(/var\((--[\w-]+)/g)].map((found) => found[1]))
  let changed = false
  const drop = (node) => { node.remove(); changed = true }
  sheet.walkDecls(/^--/, (one) => { if (!read.has(one.prop)) drop(one) })
  sheet.walkAtRules(/keyframes$/, (one) => { if (!new RegExp(`animation[^;}]*\\b${one.params}\\b`).test(text)) drop(one) })
  sheet.walkRules((one) => { if (!one.nodes.length) drop(one) })
  sheet.walkAtRules((one) => { if (one.nodes && !one.nodes.length) drop(one) })
  return changed
}

const minify = (code, loader) => esbuild.transformSync(code, { loader, minify: true, legalComments: 'none' }).code
const tabler = shrink(readFileSync(join(modules, '@tabler/core/dist/css/tabler.css'), 'utf8'))
writeFileSync(join(out, 'tabler.min.css'),
  `/*! Tabler ${version('@tabler/core')} (part), MIT licence, see LICENSE-tabler.txt */\n` + minify(tabler, 'css'))

async function bundle (entry, file, banner) {
  await esbuild.build({
    entryPoints: [join(here, entry)], outfile: join(out, file), bundle: true, minify: true, format: 'iife',
    target: 'es2020', legalComments: 'none', banner: { js: banner }, absWorkingDir: here
  })
}
await bundle('tabler-entry.js', 'tabler.min.js',
  `/*! Tabler ${version('@tabler/core')} (menus, folding, tabs), MIT; Popper ${version('@popperjs/core')}, MIT; see LICENSE-tabler.txt */`)
await bundle('echarts-entry.js', 'echarts.min.js', `/*! Apache ECharts ${version('echarts')} (part), Apache-2.0, see LICENSE-echarts.txt */`)

const names = readFileSync(join(here, 'icons.txt'), 'utf8').split('\n').map((one) => one.trim()).filter((one) => one && !one.startsWith('#'))
const symbols = [...new Set(names)].sort().map((name) => {
  const svg = readFileSync(join(modules, '@tabler/icons/icons', name.endsWith('-filled') ? `filled/${name.slice(0, -7)}.svg` : `outline/${name}.svg`), 'utf8')
  const body = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[\s\S]*?>/, '').replace('</svg>', '').replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, '')
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>')}</symbol>`
})
writeFileSync(join(out, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`)

copyFileSync(join(modules, '@tabler/icons/LICENSE'), join(out, 'LICENSE-tabler-icons.txt'))
copyFileSync(join(modules, 'echarts/LICENSE'), join(out, 'LICENSE-echarts.txt'))
copyFileSync(join(modules, 'echarts/NOTICE'), join(out, 'NOTICE-echarts.txt'))
writeFileSync(join(axe, 'axe.min.js'), readFileSync(join(modules, 'axe-core/axe.min.js'), 'utf8').replace(/\/\/# sourceMappingURL.*\n?/, ''))
copyFileSync(join(modules, 'axe-core/LICENSE'), join(axe, 'LICENSE-axe-core.txt'))
for (const file of ['tabler.min.css', 'tabler.min.js', 'echarts.min.js', 'icons.svg']) {
  const content = readFileSync(join(out, file))
  console.log(file, content.length, createHash('sha256').update(content).digest('hex').slice(0, 12))
}
