// The language of the gateway's pages: kept in a cookie, which says nothing else, and in force for the page that is shown anew.
for (const group of document.querySelectorAll('.languages')) group.hidden = false;
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `${button.dataset.language}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    const again = document.querySelector('form[data-again]');
    if (again === null) location.reload();
    else again.submit();
  });
}
