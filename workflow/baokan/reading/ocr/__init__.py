"""Page images to printed lines, by the models of rapidocr."""
