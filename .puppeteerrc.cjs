// scripts/setup.mjs finds a browser, or installs one: the postinstall step of puppeteer need not.
module.exports = { skipDownload: true };
