// Files by drop, paste or camera (data-drop), a signature (data-signature), fields that show others (data-shows).
(() => {
  'use strict'
  const { texts, notify, fill, icon, make, ready, each } = window.huiyin

  function drop (box) {
    const input = box.querySelector('.drop-input[name]')
    const list = box.querySelector('[data-drop-list]')
    const limit = Number(box.dataset.limit || 10)
    const limitMb = Number(box.dataset.limitMb || 20)
    let files = []
    const show = () => {
      const held = new DataTransfer()
      files.forEach((file) => held.items.add(file))
      input.files = held.files
      list.replaceChildren(...files.map((file, index) => {
        const remove = make('button', 'notice-close', icon('x'))
        remove.type = 'button'
        remove.setAttribute('aria-label', `${texts.remove} ${file.name}`)
        remove.addEventListener('click', () => { files.splice(index, 1); show() })
        const picture = file.type.startsWith('image/') ? make('img') : icon('file')
        if (picture.tagName === 'IMG') { picture.alt = ''; picture.src = URL.createObjectURL(file); picture.addEventListener('load', () => URL.revokeObjectURL(picture.src)) }
        return make('li', 'drop-file', picture, make('span', '', file.name), remove)
      }))
      box.dispatchEvent(new CustomEvent('drop:changed', { bubbles: true, detail: files }))
    }
    const add = (more) => {
      for (const file of more) {
        if (file.size > limitMb * 1048576) { notify(fill(texts.fileTooBig, { name: file.name, limit: limitMb }), 'warning'); continue }
        if (files.length >= limit) { notify(fill(texts.tooManyFiles, { limit }), 'warning'); break }
        if (!files.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified)) files.push(file)
      }
      show()
    }
    box.addFiles = add
    input.addEventListener('change', () => add([...input.files]))
    box.querySelector('[data-drop-camera]')?.addEventListener('change', (event) => { add([...event.target.files]); event.target.value = '' })
    const area = box.closest('[data-drop-area]') || box
    for (const name of ['dragenter', 'dragover']) area.addEventListener(name, (event) => { if ([...event.dataTransfer.types].includes('Files')) { event.preventDefault(); box.classList.add('is-over') } })
    for (const name of ['dragleave', 'drop']) area.addEventListener(name, () => box.classList.remove('is-over'))
    area.addEventListener('drop', (event) => { if (event.dataTransfer.files.length) { event.preventDefault(); add([...event.dataTransfer.files]) } })
    box.closest('form')?.addEventListener('paste', (event) => { if (event.clipboardData?.files.length) { event.preventDefault(); add([...event.clipboardData.files]) } })
    box.closest('form')?.addEventListener('reset', () => { files = []; setTimeout(show) })
  }

  function signature (box) {
    const canvas = box.querySelector('canvas')
    const field = box.querySelector('input[type=hidden]')
    const pen = canvas.getContext('2d')
    let drawing = false
    const size = () => {
      const ratio = window.devicePixelRatio || 1
      canvas.width = canvas.clientWidth * ratio
      canvas.height = canvas.clientHeight * ratio
      pen.setTransform(ratio, 0, 0, ratio, 0, 0)
      pen.lineWidth = 2.2
      pen.lineCap = pen.lineJoin = 'round'
      pen.strokeStyle = '#1c2530'
    }
    const clear = () => { size(); field.value = ''; field.dispatchEvent(new Event('change', { bubbles: true })) }
    canvas.addEventListener('pointerdown', (event) => {
      if (!field.value) size()
      drawing = true
      canvas.setPointerCapture(event.pointerId)
      pen.beginPath()
      pen.moveTo(event.offsetX, event.offsetY)
    })
    canvas.addEventListener('pointermove', (event) => { if (drawing) { pen.lineTo(event.offsetX, event.offsetY); pen.stroke() } })
    const end = () => {
      if (!drawing) return
      drawing = false
      field.value = canvas.toDataURL('image/png')
      field.dispatchEvent(new Event('change', { bubbles: true }))
    }
    canvas.addEventListener('pointerup', end)
    canvas.addEventListener('pointercancel', end)
    box.querySelector('[data-signature-clear]')?.addEventListener('click', clear)
    size()
  }

  // <select data-shows> or radios in [data-shows]: an element with data-when="name=value other" is shown for these values.
  function shows (form) {
    const apply = () => form.querySelectorAll('[data-when]').forEach((part) => {
      const [name, values] = part.dataset.when.split('=')
      const chosen = new FormData(form).getAll(name)
      const on = values.split(' ').some((value) => chosen.includes(value))
      part.hidden = !on
      part.querySelectorAll('input, select, textarea').forEach((one) => { one.disabled = !on })
    })
    form.addEventListener('change', apply)
    form.addEventListener('draft:restored', apply)
    apply()
  }

  function widths (root) { each(root, '[data-grow]', (area) => {
    const fit = () => { area.style.height = 'auto'; area.style.height = `${area.scrollHeight + 2}px` }
    area.addEventListener('input', fit)
    fit()
  }) }

  const once = (name, action) => (node) => { if (!node.dataset[name]) { node.dataset[name] = 'on'; action(node) } }
  ready((root) => {
    each(root, '[data-drop]', once('dropOn', drop))
    each(root, '[data-signature]', once('signatureOn', signature))
    each(root, 'form[data-shows]', once('showsOn', shows))
    widths(root)
  })
})()
