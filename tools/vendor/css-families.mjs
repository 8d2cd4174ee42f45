// Which of Tabler's class families are shipped. A selector that names a class outside them is left out.
// tools/check_templates.py refuses a template that uses a class which is in neither style sheet.
const hues = 'primary|secondary|success|warning|danger|info|light|dark|muted|body|red|green|orange|yellow|blue|azure|teal|cyan|white|black|transparent|reset|gray-\\d+'
const size = '(-(sm|md|lg|xl|auto|full|\\d+))*'

export const kept = [
  // layout
  'container(-fluid|-tight|-narrow|-sm|-md|-lg|-xl)?', 'row(-cols-.*|-cards|-deck)?', `col${size}`, 'g[xy]?-.*', 'offset-.*',
  'd-.*', 'flex-.*', '(justify|align)-.*', 'order-.*', '(row-|column-)?gap-.*', '[mp][tbsexy]?-.*', '(min-|max-)?[wv]?[wh]-.*',
  'position-.*', '(top|bottom|start|end)-.*', 'translate-middle.*', 'sticky-.*', 'fixed-.*', 'overflow-.*', 'float-.*',
  'visually-hidden.*', 'visible', 'invisible', 'opacity-.*', 'user-select-.*', 'pe-none', 'hstack', 'vstack', 'vr', 'stretched-link',
  // text
  'text-(start|end|center|sm-.*|md-.*|lg-.*|xl-.*|wrap|nowrap|break|truncate|decoration-.*|lowercase|uppercase|capitalize|inherit|bg-.*)',
  `text-(${hues})(-fg|-emphasis|-lt)?`, 'fs-.*', 'fw-.*', 'lh-.*', 'font-monospace', 'fst-.*', 'h[1-6]', 'lead', 'small', 'strong', 'subheader', 'markdown',
  `link-(${hues}|underline.*|offset.*)`, 'list-(unstyled|inline|inline-item)', 'list-group.*', 'kbd', 'blockquote.*',
  // colour, border
  `bg-(${hues})(-lt|-subtle|-fg)?`, 'border.*', 'rounded.*', 'shadow.*',
  // components
  `btn(-(${hues}|outline-.*|ghost-.*|sm|lg|icon|close|link|list|group.*|check|square|pill|actions?|floating))?`, 'btn-close-.*',
  `(badge|alert|status|avatar|progress|steps)(-.*)?`, 'breadcrumb.*', 'card(-.*)?', 'collapse', 'collapsing', 'datagrid.*',
  'dropdown.*', 'dropup', 'empty.*', 'form-.*', 'input-(group|icon).*', '(in)?valid-feedback', 'is-(in)?valid', 'was-validated',
  'nav', 'nav-(link|item|tabs|pills|underline|segmented|fill|justified|bordered|link-.*)', 'page(-.*)?', 'pagination.*', 'spinner-.*',
  'table(-.*)?', 'tab-(content|pane)', 'toast.*', 'hr-text.*', 'icon(-.*)?', 'switch.*', 'timeline.*', 'accordion.*', 'divide-.*', 'tracking.*',
  // state
  'active', 'disabled', 'show', 'fade', 'selected', 'required', 'collapsed', 'first', 'last', 'hover', 'focus', 'open', 'actions'
].map((pattern) => new RegExp(`^(${pattern})$`))

export const dropped = [
  /xxl/, /^(btn|badge|alert|text|bg|border|link|status|card|avatar|list-group-item|table|form-.*|progress|nav|steps)-(outline-|ghost-)?(facebook|x|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|purple|pink|indigo|lime|gray)(-|$)/,
  /^(steps|status|badge|btn|border|bg|text|alert|avatar|progress)-.*(purple|pink|indigo|lime|facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|flickr|bitbucket|tabler)/,
  /gradient/, /^form-(imagecheck|colorinput|colorcheck)/, /^page-cover/, /^avatar-(cover|brand|upload)/, /^card-(rotate|stacked-.*|cover.*|gradient.*)/,
  /^badge-(blink|notification)$/, /^tracking/, /^h-(px|screen)/, /^(p|m)[tbsexy]?-(xl|lg|md|sm)-/, /^gap-(sm|md|lg|xl)-/,
  /^opacity-(5|15|20|30|35|40|45|55|60|65|70|80|85|90|95)$/, /^table-(sm|md|lg|xl)$/, /^divide-/, /^border-opacity|^bg-opacity|^text-opacity|^link-opacity|^link-underline-opacity/
]
