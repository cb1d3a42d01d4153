// Hides what does not hold every word that was typed.
const field = document.getElementById('find');
const operations = [...document.querySelectorAll('.operation')];
field.addEventListener('input', () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const operation of operations) {
    const text = operation.querySelector('summary').textContent.toLowerCase();
    operation.hidden = !words.every((word) => text.includes(word));
    if (!operation.hidden) found += 1;
  }
  for (const group of document.querySelectorAll('.group')) group.hidden = group.querySelector('.operation:not([hidden])') === null;
  document.getElementById('found').textContent = words.length === 0 ? '' : `${found} found`;
});
