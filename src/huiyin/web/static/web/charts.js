// <div data-chart="id"> draws the ECharts options of the JSON block with that id. Functions cannot come in JSON;
// what needs one has a name: valueFormat "percent" | "number" | "days" on the options.
(() => {
  'use strict'
  const { texts, notify, ready, each } = window.huiyin
  const ink = '#52606d'
  const palette = ['#0b6670', '#c0841a', '#5b7fa6', '#8a6d9e', '#7a8b3c', '#b0594a', '#4d9aa3', '#96a0aa']
  const formats = {
    percent: (value) => `${Math.round(value * 10) / 10}%`,
    number: (value) => (typeof value === 'number' ? value.toLocaleString() : value)
  }
  const axis = (one) => ({ axisLine: { lineStyle: { color: '#c9d0d7' } }, axisTick: { show: false }, splitLine: { lineStyle: { color: '#eceff2' } }, ...one, axisLabel: { color: ink, fontSize: 12.5, ...(one.valueFormat ? { formatter: formats[one.valueFormat] } : {}), ...one.axisLabel } })
  const all = (value) => (value ? [].concat(value) : [])

  function dress (options) {
    const dressed = {
      color: palette, animation: false, aria: { enabled: true },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: '#1c2530' }, ...options
    }
    if (options.xAxis) dressed.xAxis = all(options.xAxis).map(axis)
    if (options.yAxis) dressed.yAxis = all(options.yAxis).map(axis)
    const shades = ['#eef5f5', '#9cc7cb', '#3f8f97', '#0b6670']
    if (options.visualMap) dressed.visualMap = all(options.visualMap).map((one) => ({ inRange: { color: shades }, orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 12, textStyle: { color: ink }, ...one }))
    if (all(options.series).some((one) => one.type === 'funnel') && !options.color) dressed.color = ['#0b6670', '#2d7f88', '#559aa1', '#7fb4ba', '#a9cfd3', '#cfe4e6']
    const below = options.visualMap && all(options.visualMap).some((one) => one.show !== false) ? 40 : 4
    if (options.xAxis || options.yAxis) dressed.grid = { left: 8, right: 12, top: options.legend ? 40 : 20, bottom: below, outerBoundsMode: 'same', ...options.grid }
    if (options.tooltip !== false) {
      // richText draws inside the SVG: the content security policy refuses markup with inline styles
      dressed.tooltip = { renderMode: 'richText', confine: true, textStyle: { fontSize: 13 }, trigger: options.xAxis ? 'axis' : 'item', axisPointer: { type: 'shadow' }, ...options.tooltip }
      if (formats[options.valueFormat]) dressed.tooltip.valueFormatter = formats[options.valueFormat]
    }
    if (options.legend) dressed.legend = { top: 0, left: 0, itemWidth: 14, itemHeight: 9, textStyle: { color: ink }, ...options.legend }
    delete dressed.valueFormat
    return dressed
  }

  // The library comes after the page, and only where there is something to draw: the figures are read meanwhile.
  let loading
  const library = () => (loading ||= new Promise((resolve, reject) => {
    if (window.echarts) { resolve(); return }
    const script = document.createElement('script')
    script.src = document.body.dataset.echarts
    script.addEventListener('load', resolve)
    script.addEventListener('error', () => { loading = null; reject(new Error('no library')) })
    document.head.append(script)
  }))

  async function draw (box) {
    if (box.dataset.chartOn) return
    box.dataset.chartOn = 'yes'
    const source = document.getElementById(box.dataset.chart)
    try { await library() } catch { notify(texts.chartFailed, 'warning'); return }
    if (!source) return
    const chart = window.echarts.init(box, null, { renderer: 'svg' })
    const options = JSON.parse(source.textContent)
    chart.setOption(dress(options))
    // A datum with `url` opens what lies behind it.
    chart.on('click', ({ data }) => { if (data && data.url) window.location.assign(data.url) })
    new ResizeObserver(() => chart.resize()).observe(box)
    window.addEventListener('beforeprint', () => chart.resize({ width: 680 }))
    window.addEventListener('afterprint', () => chart.resize({ width: 'auto' }))
  }
  ready((root) => each(root, '[data-chart]', draw))
})()
