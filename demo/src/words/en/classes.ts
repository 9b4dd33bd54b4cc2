/** Links for a class. */
export const classes = {
  about: 'Everybody who opens this link sees the same: the same text, the same network, the same seed.',
  copied: 'The link is copied.',
  copy: 'Copy the link',
  label: 'Link for a class',
};
