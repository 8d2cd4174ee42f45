// 扫一扫: the camera where the browser can read codes itself, otherwise a photo, otherwise the number by hand.
(() => {
  'use strict'
  const { texts, notify } = window.huiyin
  const view = document.querySelector('[data-scan]')
  if (!view) return
  const video = view.querySelector('video')
  const form = document.querySelector('[data-scan-form]')
  const photo = document.querySelector('[data-scan-photo]')
  const canRead = 'BarcodeDetector' in window
  const detector = canRead ? new window.BarcodeDetector({ formats: ['qr_code', 'code_128'] }) : null
  let stream = null
  let done = false

  function found (text) {
    if (done) return
    done = true
    stop()
    form.elements.code.value = text
    form.requestSubmit()
  }
  function stop () {
    stream?.getTracks().forEach((track) => track.stop())
    stream = null
    view.hidden = true
  }
  async function watch () {
    if (!stream || done) return
    try {
      const codes = await detector.detect(video)
      if (codes.length) { found(codes[0].rawValue); return }
    } catch { /* the picture is not there yet */ }
    setTimeout(watch, 180)
  }
  async function start () {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      video.srcObject = stream
      view.hidden = false
      await video.play()
      watch()
    } catch { notify(texts.scanNoCamera, 'warning') }
  }
  photo?.addEventListener('change', async () => {
    const file = photo.files[0]
    if (!file) return
    const codes = await detector.detect(await createImageBitmap(file)).catch(() => [])
    photo.value = ''
    if (codes.length) found(codes[0].rawValue)
    else notify(texts.scanNothing, 'warning')
  })
  if (canRead) {
    document.querySelectorAll('[data-scan-can]').forEach((one) => { one.hidden = false })
    if (navigator.mediaDevices?.getUserMedia) start()
  }
  window.addEventListener('pagehide', stop)
})()
